extension RunOverlay {
    /// A short line for the node at a path, such as `×3 · 1.2 s · 1 retry`; `nil` where nothing happened.
    public func summary(of path: [String]) -> String? { nodes[path]?.summary }
}

extension RunOverlay.Record {
    /// How often it ran, for how long, and what was not as it should be.
    var summary: String {
        var parts: [String] = []
        let main = runs.count > 0 ? runs : elements
        if runs.count > 1 { parts.append("×" + DurationText.grouped(runs.count)) }
        if elements.count > 0 { parts.append(counted(elements.count, "element")) }
        if main.count > 0, status != .running || main.total > .zero { parts.append(DurationText.text(main.total)) }
        if retries > 0 { parts.append(retries == 1 ? "1 retry" : DurationText.grouped(retries) + " retries") }
        if failures > 1 || (failures == 1 && status != .failed) {
            parts.append(DurationText.grouped(failures) + " failed")
        }
        if status != .completed { parts.append(status.words) }
        return parts.joined(separator: " · ")
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        DurationText.grouped(count) + " " + noun + (count == 1 ? "" : "s")
    }
}

extension RunOverlay.Status {
    var words: String { self == .passedOver ? "passed over" : rawValue }
}
