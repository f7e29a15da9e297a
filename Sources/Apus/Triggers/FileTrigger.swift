/// Fires for each change of some files, with a ``FileChange``.
///
/// It looks at them again and again by its host's clock. A change counts when two looks in a row agree on it, so that a file that is
/// being written is told when it is done. What it knows of the files is its position: changes that happen while no host is there are
/// told afterwards, several of one file as one. It is meant for some hundred files.
public final class FileTrigger: Trigger {
    public let name: String
    private let look: FileLook
    private let pause: Duration
    private let bells = Guarded<[String: Doorbell]>([:])

    /// Looks at files `every` so often.
    public init(_ name: String, _ look: FileLook, every pause: Duration = .seconds(1)) {
        self.name = name
        self.look = look
        self.pause = pause
    }

    public func register(_ registration: TriggerRegistration) throws -> Firings {
        let bell = Doorbell()
        let position = registration.position
        let known = try position.map { try JSONCoding.decode(FileView.self, from: Array($0.rawValue.utf8)) }
        bells.withLock { $0[registration.id] = bell }
        let watch = Guarded(FileWatch(view: known))
        return Firings { [self] in
            while !Task.isCancelled, bells.withLock({ $0[registration.id] != nil }) {
                let now = registration.environment.now().wallTime
                if let arrival = try watch.withLock({ try $0.next(at: now) }) { return arrival }
                // What can't be looked at now may be there the next time.
                if let marks = try? look.marks(), watch.withLock({ $0.see(marks) }) { continue }
                await bell.wait(pause, registration.environment)
            }
            return nil
        }
    }

    public func unregister(_ registration: TriggerRegistration) {
        bells.withLock { $0.removeValue(forKey: registration.id) }?.ring()
    }
}

/// What one registration of a ``FileTrigger`` has seen.
struct FileWatch: Sendable {
    private var view: FileView?
    private var last: [String: FileMark]?
    /// What there is, as two looks have seen it.
    private var settled: [String: FileMark] = [:]

    init(view: FileView?) { self.view = view }

    /// Takes a look; returns whether there is something to tell by it.
    mutating func see(_ marks: [String: FileMark]) -> Bool {
        defer { last = marks }
        guard let view else { return true }
        settled = view.marks
        for path in Set(marks.keys).union(view.marks.keys) where last?[path] == marks[path] && last != nil {
            settled[path] = marks[path]
        }
        return settled != view.marks
    }

    /// What is told next; at the very first it is that nothing has changed yet.
    mutating func next(at now: WallTime) throws -> Arrival? {
        guard var view else {
            guard let last else { return nil }
            let first = FileView(marks: last)
            self.view = first
            settled = last
            return Arrival(movingTo: try Self.position(first))
        }
        guard last != nil, let change = view.change(to: settled) else { return nil }
        self.view = view
        return Arrival(
            Firing("\(view.count)", due: now, payload: try JSON(encoding: change), position: try Self.position(view)))
    }

    private static func position(_ view: FileView) throws -> TriggerPosition {
        TriggerPosition(String(decoding: try JSONCoding.encode(view), as: UTF8.self))
    }
}
