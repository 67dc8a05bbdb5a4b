#include "tandem/study/job.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace tandem {

void Job::visit(ConfigVisitor& visitor) {
  visitor.field("kind", kind);  // first, since it says what follows
  visitor.field("result", result);
  visitor.field("command", command);
  visitor.field("id", id);
  visitor.field("cell", cell);
  visitor.field("content", content);
  visitor.field("sources", sources);
  visitor.field("names", names);
  visitor.field("files", files);
  visitor.field("stores", stores);
  visitor.field("budgets", budgets);
  visitor.field("steps", steps);
  // Of the rest, what its kind needs; a blank table would cost time and say nothing.
  if (kind == "teach") {
    visitor.section("ladder", ladder);
    visitor.section("data", data);
  } else if (kind == "label") {
    visitor.section("label", label);
  } else if (kind == "trial" || kind == "test") {
    visitor.section("trial", trial);
  }
}

std::string to_line(const Job& job) {
  try {
    return nlohmann::json(config_text(job)).dump();  // one string, without line ends
  } catch (const nlohmann::json::exception& error) {
    throw std::invalid_argument(fmt::format("a job that is not UTF-8: {}", error.what()));
  }
}

Job parse_job(std::string_view line) {
  try {
    Job job;
    ConfigTable::from_text(nlohmann::json::parse(line).get<std::string>(), "job").read_into(job);
    return job;
  } catch (const nlohmann::json::exception&) {
    throw std::invalid_argument(fmt::format("not a job: '{}'", line));
  }
}

}  // namespace tandem
