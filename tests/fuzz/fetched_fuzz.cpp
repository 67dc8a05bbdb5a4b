// What is read of a data set that was fetched: fetched.md5, and the labels of an npm package.

#include "cifar_png.h"
#include "fetch_record.h"
#include "file_bytes.h"
#include "fuzz_target.h"
#include "temporary_folder.h"

namespace tandem {

void read_input(std::string_view text) {
  static const TemporaryFolder folder;
  write_bytes(folder.path() / kFetchRecordFile, Bytes(text.begin(), text.end()));
  read_or_refuse([&] { read_fetch_record(folder.path()); });
  const MemoryFile input(text);
  read_or_refuse([&] { read_json_labels(input.path()); });
}

void write_seeds(const std::filesystem::path& folder) {
  const TemporaryFolder temporary;
  write_fetch_record(temporary.path(),
                     {.source = "http://host/path", .md5_of = {{"a", std::string(32, '0')}}});
  std::filesystem::copy_file(temporary.path() / kFetchRecordFile, folder / "record");
  write_bytes(folder / "labels", {'[', '0', ',', '9', ']'});
}

}  // namespace tandem
