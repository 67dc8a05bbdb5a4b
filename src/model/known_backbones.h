#pragma once

#include <functional>
#include <memory>
#include <string>

#include "layers.h"
#include "tandem/model/backbone.h"

namespace tandem {

inline constexpr std::int64_t kMaxWidth = 4096;  ///< beyond it a mistyped number, not a network

/// A network that `model.name` can name, with the choices that it leaves. One of Tandem's own asks
/// for its layers (`build`), a registered one makes them itself (`kind.make`); the other is empty.
struct KnownBackbone {
  BackboneKind kind;
  std::function<std::shared_ptr<Backbone>(Layers&, const ModelConfig&, const ImageShape&)> build;
};

/// Throws std::invalid_argument that lists the known names for any other.
KnownBackbone known_backbone(const std::string& name);

}  // namespace tandem
