#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "md5.h"

namespace tandem {
namespace {

void must_succeed(int result) {
  if (result != 1) {
    throw std::runtime_error("cannot compute an MD5 checksum: OpenSSL here does not offer it");
  }
}

}  // namespace

struct Md5::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free};
};

Md5::Md5() : state_(std::make_unique<State>()) {
  must_succeed(EVP_DigestInit_ex(state_->context.get(), EVP_md5(), nullptr));
}

Md5::~Md5() = default;

Md5& Md5::bytes(std::span<const std::byte> bytes) {
  must_succeed(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
  return *this;
}

std::string Md5::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  must_succeed(EVP_DigestFinal_ex(state_->context.get(), digest.data(), &size));
  std::string text;
  for (unsigned k = 0; k < size; ++k) {
    text += fmt::format("{:02x}", digest[k]);
  }
  return text;
}

}  // namespace tandem
