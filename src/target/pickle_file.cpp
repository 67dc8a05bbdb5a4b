#include "pickle_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "tandem/core/mapped_file.h"

namespace tandem {
namespace {

using std::string_view_literals::operator""sv;

/// Protocol 2 and the number that torch.save writes first. (The header of a safetensors file may be
/// of a length whose two lowest bytes are those of the protocol: 640, say.)
constexpr std::string_view kOldBeginning = "\x80\x02\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19."sv;

constexpr std::size_t kListOfEntries = 1 << 20;  // at the end of an archive, of any usual model

bool is_pickle(std::string_view content) {
  if (content.starts_with(kOldBeginning)) {
    return true;
  }
  const std::string_view names =
      content.substr(content.size() - std::min(content.size(), kListOfEntries));
  return content.starts_with("PK\x03\x04"sv) && names.find("/data.pkl") != std::string_view::npos &&
         names.find("/constants.pkl") == std::string_view::npos;
}

}  // namespace

void refuse_pickle(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path) || std::filesystem::file_size(path) == 0) {
    return;  // what reads it says so
  }
  const MappedFile file(path);
  if (is_pickle({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()})) {
    throw std::runtime_error(fmt::format(
        "{}: this is a pickle of Python's torch.save, which is not read, since reading one may run "
        "code; in Python, write weights with safetensors.torch.save_file(torch.load('{}', "
        "map_location='cpu'), 'weights.safetensors') or a module with "
        "torch.jit.script(model).save('module.pt'), and name that in the teacher's TOML file",
        path.string(), path.filename().string()));
  }
}

}  // namespace tandem
