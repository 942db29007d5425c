// SPDX-License-Identifier: Apache-2.0
#include "audit/checkpoint.hpp"

#include <sodium.h>

#include <stdexcept>

#include "base/json.hpp"
#include "base/text.hpp"

namespace linli::audit {

namespace {

const auto* bytes_of(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string root_of(const std::vector<std::string>& leaves, std::size_t from, std::size_t to) {
    if (to - from == 1) {
        return leaves[from];
    }
    std::size_t half = 1;
    while (half * 2 < to - from) {
        half *= 2;
    }
    return sha256(
        std::string(1, '\1') + root_of(leaves, from, from + half) + root_of(leaves, from + half, to)
    );
}

std::string signed_text(const Checkpoint& c) {
    return "linli checkpoint\n" + std::to_string(c.number) + "\n" + std::to_string(c.at.ms) + "\n" +
           c.previous + "\n" + c.root + "\n";
}

}  // namespace

std::string merkle_root(const std::vector<Head>& heads) {
    std::vector<std::string> leaves;
    for (const auto& head : heads) {
        leaves.push_back(sha256(
            std::string(1, '\0') + std::to_string(head.county) + ":" +
            std::to_string(head.position) + ":" + head.hash
        ));
    }
    return to_hex(leaves.empty() ? sha256("") : root_of(leaves, 0, leaves.size()));
}

std::string digest(const Checkpoint& c) {
    return to_hex(sha256(signed_text(c) + c.signature));
}

std::string to_json(const Checkpoint& c) {
    std::string text;
    JsonWriter out(text);
    out.begin_object();
    out.key("checkpoint");
    out.integer(c.number);
    out.key("at");
    out.text(linli::to_text(c.at));
    out.key("previous");
    out.text(c.previous);
    out.key("root");
    out.text(c.root);
    out.key("signature");
    out.text(c.signature);
    out.key("heads");
    out.begin_list();
    for (const auto& head : c.heads) {
        out.begin_object();
        out.key("county");
        out.integer(head.county);
        out.key("position");
        out.integer(head.position);
        out.key("hash");
        out.text(head.hash);
        out.end_object();
    }
    out.end_list();
    out.end_object();
    return text;
}

Checkpoint read_checkpoint(const std::string& json) {
    const auto value = parse_json(json);
    Checkpoint c;
    c.number = integer_of(value, "checkpoint");
    const auto at = parse_instant(text_of(value, "at"));
    const auto* heads = value.find("heads");
    if (!at || !heads || !heads->as_list()) {
        throw std::runtime_error("it has no time or no heads");
    }
    c.at = *at;
    c.previous = text_of(value, "previous");
    c.root = text_of(value, "root");
    c.signature = text_of(value, "signature");
    for (const auto& head : *heads->as_list()) {
        c.heads.push_back(
            {integer_of(head, "county"), integer_of(head, "position"), text_of(head, "hash")}
        );
    }
    return c;
}

std::string public_key(const std::string& seed) {
    if (sodium_init() < 0 || seed.size() != crypto_sign_SEEDBYTES) {
        throw std::runtime_error("a signing key has 32 bytes");
    }
    std::string open(crypto_sign_PUBLICKEYBYTES, '\0'), secret(crypto_sign_SECRETKEYBYTES, '\0');
    crypto_sign_seed_keypair(
        reinterpret_cast<unsigned char*>(open.data()),
        reinterpret_cast<unsigned char*>(secret.data()), bytes_of(seed)
    );
    sodium_memzero(secret.data(), secret.size());
    return open;
}

void sign(Checkpoint& c, const std::string& seed) {
    c.root = merkle_root(c.heads);
    std::string open = public_key(seed), secret = seed + open;
    std::string signature(crypto_sign_BYTES, '\0');
    const auto text = signed_text(c);
    crypto_sign_detached(
        reinterpret_cast<unsigned char*>(signature.data()), nullptr, bytes_of(text), text.size(),
        bytes_of(secret)
    );
    sodium_memzero(secret.data(), secret.size());
    c.signature = to_hex(signature);
}

bool signed_by(const Checkpoint& c, const std::string& public_key) {
    const auto signature = from_hex(c.signature);
    const auto text = signed_text(c);
    return sodium_init() >= 0 && public_key.size() == crypto_sign_PUBLICKEYBYTES &&
           signature.size() == crypto_sign_BYTES && c.root == merkle_root(c.heads) &&
           crypto_sign_verify_detached(
               bytes_of(signature), bytes_of(text), text.size(), bytes_of(public_key)
           ) == 0;
}

}  // namespace linli::audit
