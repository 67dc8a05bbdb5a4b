#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <filesystem>
#include <string>
#include <vector>

namespace tandem {

/// A member of an archive that a test makes; with a link target it is a symbolic link.
struct Member {
  std::string name;
  std::string content;
  std::string link;
  unsigned type = AE_IFREG;
};

/// Writes a gzipped tar archive, or a zip archive if the name ends so.
inline std::filesystem::path write_archive(const std::filesystem::path& path,
                                           const std::vector<Member>& members) {
  archive* out = archive_write_new();
  if (path.extension() == ".zip") {
    archive_write_set_format_zip(out);
  } else {
    archive_write_add_filter_gzip(out);
    archive_write_set_format_pax_restricted(out);
  }
  archive_write_open_filename(out, path.c_str());
  for (const Member& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, member.link.empty() ? member.type : AE_IFLNK);
    archive_entry_set_perm(entry, 0777);
    if (!member.link.empty()) {
      archive_entry_set_symlink(entry, member.link.c_str());
    }
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
    archive_write_header(out, entry);
    archive_write_data(out, member.content.data(), member.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(out);
  archive_write_free(out);
  return path;
}

}  // namespace tandem
