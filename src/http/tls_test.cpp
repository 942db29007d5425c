// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "http/testing.hpp"

using namespace linli;
using namespace linli::http;

namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

/// A key and a certificate that it signed itself, as two PEM files.
struct Pair {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("linli-tls-" + std::to_string(::getpid()));
    std::string certificate = (folder / "cert.pem").string(), key = (folder / "key.pem").string();

    Pair() {
        std::filesystem::create_directories(folder);
        const Owned<EVP_PKEY> secret(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const Owned<X509> made(X509_new(), X509_free);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), 3'600);
        X509_set_pubkey(made.get(), secret.get());
        X509_sign(made.get(), secret.get(), EVP_sha256());
        auto* file = std::fopen(certificate.c_str(), "w");
        PEM_write_X509(file, made.get());
        std::fclose(file);
        file = std::fopen(key.c_str(), "w");
        PEM_write_PrivateKey(file, secret.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
    }
    ~Pair() { std::filesystem::remove_all(folder); }
};

/// One request over TLS of at most the given version; "" if the handshake failed.
std::string ask(int port, int most_version, const std::string& request) {
    const Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), most_version);
    SSL_CTX_set_security_level(context.get(), 0);
    const Owned<BIO> bio(BIO_new_ssl_connect(context.get()), BIO_free_all);
    BIO_set_conn_hostname(bio.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    if (BIO_do_connect(bio.get()) != 1 || BIO_do_handshake(bio.get()) != 1) {
        return "";
    }
    BIO_write(bio.get(), request.data(), static_cast<int>(request.size()));
    std::string answer;
    char bytes[4096];
    for (int got = 0; (got = BIO_read(bio.get(), bytes, sizeof bytes)) > 0;) {
        answer.append(bytes, static_cast<std::size_t>(got));
    }
    return answer;
}

}  // namespace

TEST_CASE("C53: TLS 1.2 and newer, and no plain text beside it") {
    const Pair pair;
    Settings settings;
    settings.port = 0;
    settings.workers = 1;
    settings.tls_certificate = pair.certificate;
    settings.tls_key = pair.key;
    TestServer app(settings);
    app.server->start();
    const std::string request = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto answer = ask(app.server->port(), version, request);
        CHECK(body_of(answer) == "ok\n");
        CHECK(answer.find("Strict-Transport-Security") != std::string::npos);
    }
    CHECK(ask(app.server->port(), TLS1_1_VERSION, request) == "");
    RawClient plain(app.server->port());
    plain.send(request);
    CHECK(plain.read_to_end().find("HTTP/1.1") == std::string::npos);
    CHECK(plain.ended());
}

TEST_CASE("a missing certificate or a foreign key is said in a sentence") {
    const Pair pair;
    Settings settings;
    settings.port = 0;
    settings.tls_certificate = "/none.pem";
    settings.tls_key = pair.key;
    TestServer app(settings);
    CHECK_THROWS_WITH(app.server->start(), doctest::Contains("/none.pem"));
    settings.tls_certificate = pair.certificate;
    settings.tls_key = pair.certificate;
    TestServer other(settings);
    CHECK_THROWS_WITH(other.server->start(), doctest::Contains("key"));
}
