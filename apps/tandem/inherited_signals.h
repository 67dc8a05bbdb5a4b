#pragma once

namespace tandem {

/// Has signals ignored again that whoever started this process (nohup, a shell's background job)
/// had ignored: libraries may have put handlers in their place when they were loaded, as those of
/// LibTorch 2.6 do with SIGHUP. To be called before anything waits for signals.
void ignore_inherited_signals();

}  // namespace tandem
