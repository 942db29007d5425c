// SPDX-License-Identifier: Apache-2.0
#include "identity/factor.hpp"

namespace linli::identity {

namespace {

constexpr std::int64_t step_ms = 30 * second_ms;

}  // namespace

std::string totp_code(std::string_view secret, std::int64_t step) {
    std::string counter(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) {
        counter[7 - i] = static_cast<char>(step >> (8 * i) & 0xff);
    }
    const auto digest = hmac_sha1(secret, counter);
    const auto at = static_cast<std::size_t>(digest.back() & 0xf);
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        number = number << 8 | static_cast<unsigned char>(digest[at + i]);
    }
    auto code = std::to_string((number & 0x7fffffff) % 1'000'000);
    return std::string(6 - code.size(), '0') + code;
}

std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code, Instant now) {
    std::optional<std::int64_t> found;
    const auto present = now.ms / step_ms;
    for (const auto step : {present - 1, present, present + 1}) {
        if (same_secret(totp_code(secret, step), code)) {
            found = step;
        }
    }
    return found;
}

std::string base32(std::string_view bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char byte : bytes) {
        held = held << 8 | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 5; bits -= 5) {
            text += letters[held >> (bits - 5) & 31];
        }
    }
    return bits ? text + letters[held << (5 - bits) & 31] : text;
}

std::string totp_uri(const std::string& secret, const std::string& login) {
    constexpr std::size_t fits_the_picture = 140;
    std::string name;  // percent-encoded
    constexpr std::string_view hex = "0123456789ABCDEF";
    for (const char c : login) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.') {
            name += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            name += {'%', hex[byte >> 4], hex[byte & 15]};
        }
    }
    name = name.size() > fits_the_picture ? "account" : name;
    return "otpauth://totp/linli:" + name + "?secret=" + base32(secret) + "&issuer=linli";
}

std::optional<FactorRow> find_factor(store::Tx& tx, AccountId account) {
    constexpr store::Sql sql{"identity.find_factor", R"(
        SELECT account, secret, created_at, confirmed_at, last_step FROM identity_factor
         WHERE account = $1)"};
    return tx.one<FactorRow>(sql, account);
}

bool has_factor(store::Tx& tx, AccountId account) {
    const auto factor = find_factor(tx, account);
    return factor && factor->confirmed_at.ms != 0;
}

bool offer_factor(store::Tx& tx, AccountId account, const std::string& sealed, Instant now) {
    constexpr store::Sql sql{"identity.offer_factor", R"(
        INSERT INTO identity_factor (account, secret, created_at, confirmed_at, last_step)
        VALUES ($1, $2, $3, 0, 0)
            ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
         WHERE identity_factor.confirmed_at = 0)"};
    return tx.run(sql, account, sealed, now) == 1;
}

void confirm_factor(
    store::Tx& tx, AccountId account, const std::vector<std::string>& digests, Instant now
) {
    constexpr store::Sql confirm{"identity.confirm_factor", R"(
        UPDATE identity_factor SET confirmed_at = $2 WHERE account = $1 AND confirmed_at = 0)"};
    constexpr store::Sql clear{
        "identity.clear_recovery", "DELETE FROM identity_recovery WHERE account = $1"};
    constexpr store::Sql insert{"identity.save_recovery", R"(
        INSERT INTO identity_recovery (account, digest, used_at) VALUES ($1, $2, 0))"};
    tx.run(confirm, account, now);
    tx.run(clear, account);
    for (const auto& digest : digests) {
        tx.run(insert, account, digest);
    }
}

bool take_step(store::Tx& tx, AccountId account, std::int64_t step) {
    constexpr store::Sql sql{"identity.take_step", R"(
        UPDATE identity_factor SET last_step = $2 WHERE account = $1 AND last_step < $2)"};
    return tx.run(sql, account, step) == 1;
}

bool use_recovery(store::Tx& tx, AccountId account, const std::string& digest, Instant now) {
    constexpr store::Sql sql{"identity.use_recovery", R"(
        UPDATE identity_recovery SET used_at = $3 WHERE account = $1 AND digest = $2 AND used_at = 0)"};
    return tx.run(sql, account, digest, now) == 1;
}

std::int64_t recovery_left(store::Tx& tx, AccountId account) {
    constexpr store::Sql sql{"identity.recovery_left", R"(
        SELECT count(*) FROM identity_recovery WHERE account = $1 AND used_at = 0)"};
    return tx.one<std::int64_t>(sql, account).value_or(0);
}

bool remove_factor(store::Tx& tx, AccountId account) {
    constexpr store::Sql factor{
        "identity.remove_factor", "DELETE FROM identity_factor WHERE account = $1"};
    constexpr store::Sql codes{
        "identity.remove_recovery", "DELETE FROM identity_recovery WHERE account = $1"};
    tx.run(codes, account);
    return tx.run(factor, account) == 1;
}

}  // namespace linli::identity
