#include "tandem/target/mapping_spec.h"

#include <fmt/format.h>

#include <stdexcept>

namespace tandem {
namespace {

constexpr const char* kSameViews = "same";
constexpr const char* kCanonicalViews = "canonical";

ViewPolicy seen_by_teacher(const MappingSpec& spec, const ViewPolicy& student) {
  const bool fused = spec.fusion && spec.fusion->views > 0;
  if (!spec.teacher_views || !(spec.granularity.per_view() || fused)) {
    return {};
  }
  switch (spec.teacher_views->kind) {
    case TeacherViews::Kind::kSame:
      return student;
    case TeacherViews::Kind::kCanonical:
      return {};
    case TeacherViews::Kind::kOwn:
      return spec.teacher_views->own;
  }
  throw std::invalid_argument("teacher_policy: unknown kind of views");
}

}  // namespace

TeacherViews TeacherViews::parse(const std::string& text) {
  if (text == kSameViews) {
    return {};
  }
  if (text == kCanonicalViews) {
    return {.kind = Kind::kCanonical, .own = {}};
  }
  return {.kind = Kind::kOwn, .own = ViewPolicy::parse(text)};
}

std::string TeacherViews::text() const {
  switch (kind) {
    case Kind::kSame:
      return kSameViews;
    case Kind::kCanonical:
      return kCanonicalViews;
    case Kind::kOwn:
      return own.text();
  }
  throw std::invalid_argument("TeacherViews: unknown kind");
}

ViewPolicy teacher_policy(const MappingSpec& spec, const ViewPolicy& student) {
  const ViewPolicy policy = seen_by_teacher(spec, student);
  if (policy.mixes() && !policy.mixes_like(student)) {
    throw std::invalid_argument(fmt::format(
        "target.teacher_views = '{}' mixes samples otherwise than the student's views, '{}': mix "
        "both alike, or the student's alone",
        policy.text(), student.text()));
  }
  return spec.granularity.per_view() ? policy : policy.unmixed();
}

}  // namespace tandem
