// SPDX-License-Identifier: Apache-2.0
#include "store/faulty_disk.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <new>
#include <stdexcept>
#include <string_view>

namespace linli::store::testing {

namespace {

/// What SQLite holds for an open file; the system's own file follows it in memory.
struct File {
    sqlite3_file base;
    FaultyDisk* disk;
    const char* path;  ///< null if no platter keeps account of it; SQLite keeps it while it is open
    void* unused;      ///< so that what follows is aligned
};

FaultyDisk& disk_of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file)->disk;
}
sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}
const sqlite3_io_methods& below(sqlite3_file* file) {
    return *real(file)->pMethods;
}

int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    return disk_of(file).read_fails ? SQLITE_IOERR_READ
                                    : below(file).xRead(real(file), to, size, at);
}

const char* path_of(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->path;
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    auto& disk = disk_of(file);
    const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(size));
    if (const char* path = path_of(file); path && !disk.platter->write(path, at, bytes)) {
        return SQLITE_IOERR_WRITE;
    }
    return disk.full ? SQLITE_FULL : below(file).xWrite(real(file), from, size, at);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    const char* path = path_of(file);
    return path && !disk_of(file).platter->truncate(path, size)
               ? SQLITE_IOERR_TRUNCATE
               : below(file).xTruncate(real(file), size);
}

int sync_file(sqlite3_file* file, int flags) {
    auto& disk = disk_of(file);
    ++disk.syncs;
    if (const char* path = path_of(file)) {
        return disk.platter->sync(path) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
    }
    return disk.sync_fails ? SQLITE_IOERR_FSYNC : below(file).xSync(real(file), flags);
}

sqlite3_io_methods make_methods() {
    sqlite3_io_methods m{};
    m.iVersion = 2;
    m.xClose = [](sqlite3_file* f) { return below(f).xClose(real(f)); };
    m.xRead = read_file;
    m.xWrite = write_file;
    m.xTruncate = truncate_file;
    m.xSync = sync_file;
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
        return below(f).xFileSize(real(f), size);
    };
    m.xLock = [](sqlite3_file* f, int level) { return below(f).xLock(real(f), level); };
    m.xUnlock = [](sqlite3_file* f, int level) { return below(f).xUnlock(real(f), level); };
    m.xCheckReservedLock = [](sqlite3_file* f, int* held) {
        return below(f).xCheckReservedLock(real(f), held);
    };
    m.xFileControl = [](sqlite3_file* f, int op, void* arg) {
        return below(f).xFileControl(real(f), op, arg);
    };
    m.xSectorSize = [](sqlite3_file* f) { return below(f).xSectorSize(real(f)); };
    m.xDeviceCharacteristics = [](sqlite3_file* f) {
        return below(f).xDeviceCharacteristics(real(f));
    };
    m.xShmMap = [](sqlite3_file* f, int region, int size, int extend, void volatile** at) {
        return below(f).xShmMap(real(f), region, size, extend, at);
    };
    m.xShmLock = [](sqlite3_file* f, int from, int count, int flags) {
        return below(f).xShmLock(real(f), from, count, flags);
    };
    m.xShmBarrier = [](sqlite3_file* f) { below(f).xShmBarrier(real(f)); };
    m.xShmUnmap = [](sqlite3_file* f, int remove) { return below(f).xShmUnmap(real(f), remove); };
    return m;
}

}  // namespace

struct FaultyDisk::Vfs {
    sqlite3_vfs base;  ///< a copy of the system's; what is not replaced here goes there
    FaultyDisk* disk;
    sqlite3_vfs* system;
};

namespace {

std::string content_of(sqlite3_file* file) {
    sqlite3_int64 size = 0;
    file->pMethods->xFileSize(file, &size);
    std::string content(static_cast<std::size_t>(size), '\0');
    if (size > 0) {
        file->pMethods->xRead(file, content.data(), static_cast<int>(size), 0);
    }
    return content;
}

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* flags_out) {
    static const sqlite3_io_methods methods = make_methods();
    const auto& own = *static_cast<FaultyDisk::Vfs*>(vfs->pAppData);
    auto* made = new (file) File{};
    made->disk = own.disk;
    const int code = own.system->xOpen(own.system, path, real(file), flags, flags_out);
    made->base.pMethods = real(file)->pMethods ? &methods : nullptr;
    if (code == SQLITE_OK && path && own.disk->platter &&
        (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0) {
        made->path = path;
        own.disk->platter->open(path, content_of(real(file)));
    }
    return code;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int sync) {
    const auto& own = *static_cast<FaultyDisk::Vfs*>(vfs->pAppData);
    if (auto* platter = own.disk->platter) {
        if (platter->off()) {
            return SQLITE_IOERR_DELETE;
        }
        platter->remove(path);
    }
    return own.system->xDelete(own.system, path, sync);
}

}  // namespace

FaultyDisk::FaultyDisk() {
    static std::atomic<int> made{0};
    m_name = "faulty-" + std::to_string(++made);
    auto* system = sqlite3_vfs_find(nullptr);
    m_vfs = std::make_unique<Vfs>(Vfs{*system, this, system});
    auto& base = m_vfs->base;
    base.zName = m_name.c_str();
    base.szOsFile = system->szOsFile + static_cast<int>(sizeof(File));
    base.pNext = nullptr;
    base.xOpen = open_file;
    // the system's other functions expect its own data
    static_assert(sizeof(File) % alignof(std::max_align_t) == 0);
    base.pAppData = m_vfs.get();
    base.xDelete = delete_file;
    base.xAccess = [](sqlite3_vfs* v, const char* path, int flags, int* result) {
        auto* s = static_cast<Vfs*>(v->pAppData)->system;
        return s->xAccess(s, path, flags, result);
    };
    base.xFullPathname = [](sqlite3_vfs* v, const char* path, int size, char* out) {
        auto* s = static_cast<Vfs*>(v->pAppData)->system;
        return s->xFullPathname(s, path, size, out);
    };
    if (sqlite3_vfs_register(&base, 0) != SQLITE_OK) {
        throw std::runtime_error("the faulty disk cannot be registered");
    }
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_unregister(&m_vfs->base);
}

}  // namespace linli::store::testing
