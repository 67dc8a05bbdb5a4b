#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tandem/target/content.h"
#include "tandem/target/fusion.h"
#include "tandem/target/granularity.h"
#include "tandem/target/teacher_ref.h"
#include "tandem/view/view_policy.h"

namespace tandem {

/// What a teacher sees of a sample whose student sees a view of it.
struct TeacherViews {
  enum class Kind {
    kSame,       ///< the student's view, mixtures included
    kCanonical,  ///< the sample as it is
    kOwn,        ///< a view of its own policy, drawn at the same key
  };

  Kind kind = Kind::kSame;
  ViewPolicy own;  ///< of kOwn

  /// "same", "canonical" or a view policy. Throws what ViewPolicy::parse throws.
  static TeacherViews parse(const std::string& text);
  std::string text() const;

  friend bool operator==(const TeacherViews&, const TeacherViews&) = default;
};

/// A mapping, completely said: who shares a target, what it is and where it comes from. What does
/// not apply to it is absent, so that equal mappings have equal values. Made by resolve_mapping().
struct MappingSpec {
  Granularity granularity;
  Content content = Content::kOneHot;
  std::optional<Fusion> fusion;               ///< where views share a teacher's target
  std::optional<double> temperature;          ///< of probs
  double smoothing = 0;                       ///< of smoothed: weight of the uniform distribution
  std::int64_t pca = 0;                       ///< of features: principal components kept; 0: all
  TeacherRef teacher;                         ///< empty where none answers, or the store says who
  std::optional<TeacherViews> teacher_views;  ///< where the teacher does not see canonical views
  std::string store;                          ///< path of a target store
  bool shuffle = false;                       ///< canary: give the samples each other's targets

  /// Whether a teacher answers every view as it comes.
  bool is_online() const {
    return needs_teacher(content) && store.empty() && granularity.per_view();
  }

  /// Whether a teacher's targets must stand ready, but no store is named: one has to be labelled.
  bool needs_labelling() const {
    return needs_teacher(content) && store.empty() && !granularity.per_view();
  }

  double temperature_or_one() const { return temperature.value_or(1); }

  friend bool operator==(const MappingSpec&, const MappingSpec&) = default;
};

/// The policy under which the teacher of `spec` sees its views where the student's is `student`.
/// Where views share targets, these are of one sample each, and the policy does not mix. Throws
/// std::invalid_argument where the teacher's own policy mixes otherwise than the student's.
ViewPolicy teacher_policy(const MappingSpec& spec, const ViewPolicy& student);

}  // namespace tandem
