// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The second factor (C10): codes of RFC 6238 (SHA-1, six digits, 30 s), and ten recovery codes.
#include "identity/store.hpp"

namespace linli::identity {

std::string totp_code(std::string_view secret, std::int64_t step);
/// The step of the code: that of now, the one before or after. Nothing if it is another code.
std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code, Instant now);
std::string base32(std::string_view bytes);
/// What an authenticator reads from the picture.
std::string totp_uri(const std::string& secret, const std::string& login);

struct FactorRow {
    AccountId account;
    std::string secret;  ///< sealed, hex
    Instant created_at, confirmed_at;
    std::int64_t last_step = 0;
    static constexpr auto fields = std::tuple{
        field("account", &FactorRow::account), field("secret", &FactorRow::secret),
        field("created_at", &FactorRow::created_at),
        field("confirmed_at", &FactorRow::confirmed_at), field("last_step", &FactorRow::last_step)};
};
std::optional<FactorRow> find_factor(store::Tx&, AccountId);
/// Confirmed: it is asked for at sign-in.
bool has_factor(store::Tx&, AccountId);
/// A new secret, not confirmed yet; nothing is changed and false returned if one is confirmed.
bool offer_factor(store::Tx&, AccountId, const std::string& sealed, Instant now);
void confirm_factor(
    store::Tx&, AccountId, const std::vector<std::string>& recovery_digests, Instant now
);
/// True once per code: codes of this step and of those before do not count again.
bool take_step(store::Tx&, AccountId, std::int64_t step);
bool use_recovery(store::Tx&, AccountId, const std::string& digest, Instant now);
std::int64_t recovery_left(store::Tx&, AccountId);
/// False if there was none.
bool remove_factor(store::Tx&, AccountId);

}  // namespace linli::identity
