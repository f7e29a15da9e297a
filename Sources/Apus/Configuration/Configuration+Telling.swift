/// Telling what counts.
extension Configuration {
    /// One setting, as it may be shown to anybody.
    public struct Entry: Sendable, Hashable, Codable {
        public var name: String
        /// Dots for a secret.
        public var value: JSON
        /// Where it comes from.
        public var layer: ConfigurationLayer
    }

    /// All settings that were declared, in the order in which they were; secrets are masked.
    public var entries: [Entry] {
        table.withLock { table in
            table.stack.names.map { name in
                Entry(
                    name: name, value: table.stack.shown(name), layer: table.stack.value(of: name)?.layer ?? .defaults)
            }
        }
    }

    /// Whether a feature is on for a subject, such as a customer.
    public func isOn(_ flag: FeatureFlag, for subject: String) -> Bool {
        flag.isOn(for: subject, under: self[flag.key])
    }

    /// The variant of a split that a subject gets.
    public func variant(of split: ConfigurationKey<Split>, for subject: String) -> String? {
        self[split].variant(of: split.name, for: subject)
    }
}

extension Configuration: CustomStringConvertible, CustomReflectable {
    /// One line for each setting: its name, its value, dots for a secret, and the layer.
    public var description: String {
        entries.map { "\($0.name) = \($0.value) (\($0.layer.rawValue))" }.joined(separator: "\n")
    }

    public var customMirror: Mirror {
        Mirror(self, children: entries.map { ($0.name, $0.value as Any) }, displayStyle: .class)
    }
}
