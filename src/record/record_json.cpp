#include <string>
#include <vector>

#include "json_fields.h"
#include "tandem/core/atomic_file.h"
#include "tandem/core/folder_checksums.h"
#include "tandem/record/study_record.h"

namespace tandem {
namespace {

constexpr const char* kVersionKey = "version";
constexpr const char* kRecordFile = "record.json";

std::string text_of(Json object) {
  object[kVersionKey] = kRecordVersion;
  // A message may quote bytes that are not UTF-8; a record must be writable all the same.
  return object.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

template <typename Record>
std::string record_text(const Record& record) {
  return text_of(to_json_value(record));
}

template <typename Record>
Record record_from(const std::string& json, const std::string& source, const char* what) {
  RecordReader reader(source);
  Record record;
  try {
    reader.read(reader.parse(json, what), record, "");
  } catch (const Json::exception& error) {
    reader.fail(error.what());
  }
  return record;
}

/// A ladder's records, as one.
struct LadderRecord {
  std::vector<TeacherRecord> rungs;

  template <typename Self, typename Field>
  static void visit(Self& self, Field&& field) {
    field("rungs", self.rungs, "weak to strong");
  }
};

}  // namespace

Json RecordReader::parse(const std::string& text, const char* what) {
  Json object = Json::parse(text);
  if (object.is_array()) {  // a ladder of version 1
    version_ = 1;
    return Json{{"rungs", std::move(object)}};
  }
  if (!object.is_object()) {
    fail(fmt::format("expected {}, found {}", what, object.type_name()));
  }
  const auto version = object.find(kVersionKey);
  const bool known = version != object.end() && version->is_number_integer() && *version >= 1 &&
                     *version <= kRecordVersion;
  if (!known) {
    fail(fmt::format("expected version 1..{}, found {}", kRecordVersion,
                     version == object.end() ? "none" : version->dump()));
  }
  version_ = version->get<int>();
  return object;
}

std::string to_json(const TrialRecord& trial) {
  return record_text(trial);
}

TrialRecord trial_from_json(const std::string& json, const std::string& source) {
  return record_from<TrialRecord>(json, source, "the record of a trial");
}

std::filesystem::path trial_record_path(const std::filesystem::path& folder) {
  return folder / kRecordFile;
}

TrialRecord read_trial(const std::filesystem::path& folder) {
  const std::filesystem::path path = trial_record_path(folder);
  check_file(folder, kRecordFile, kTrainAnew);
  return trial_from_json(read_file(path), path.string());
}

std::string to_json(const StudyRecord& study) {
  return record_text(study);
}

std::string whole_json(const StudyRecord& study) {
  Json object = to_json_value(study);
  object["trials"] = to_json_value(study.trials);
  return text_of(std::move(object));
}

StudyRecord study_from_json(const std::string& json, const std::string& source) {
  return record_from<StudyRecord>(json, source, "the record of a study");
}

std::string to_json(const std::vector<TeacherRecord>& teachers) {
  return record_text(LadderRecord{teachers});
}

std::vector<TeacherRecord> teachers_from_json(const std::string& json, const std::string& source) {
  return record_from<LadderRecord>(json, source, "the records of a ladder of teachers").rungs;
}

}  // namespace tandem
