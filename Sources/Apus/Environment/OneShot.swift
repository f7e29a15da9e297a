/// Something that is to happen once, by whoever comes first.
final class OneShot: Sendable {
    private let action = Guarded<(@Sendable () -> Void)?>(nil)

    init(_ action: (@Sendable () -> Void)? = nil) { arm(action) }

    func arm(_ action: (@Sendable () -> Void)?) { self.action.withLock { $0 = action } }

    func fire() {
        let action = action.withLock { action in
            defer { action = nil }
            return action
        }
        action?()
    }
}
