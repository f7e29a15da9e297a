public import Apus

/// What happened in one run, to be asked about in a test.
///
/// A node is named by its identifier, `draft`, one inside a subgraph with the path to it, `triage/fetch`. That means all its
/// activations; one alone is named in full, `draft#2` in its third round or `decide[17]` for an element.
public struct RunRecording: Sendable, Equatable {
    /// How the run ended.
    public enum Outcome: Sendable, Equatable {
        case completed
        case failed(String)
        case cancelled
        /// The events stop before the run does.
        case unfinished
    }

    public let events: [RunEvent]

    public init(_ events: [RunEvent]) { self.events = events }

    /// Reads the events of a run until it ends.
    public init(of events: RunEvents) async throws(EventError) {
        var collected: [RunEvent] = []
        for try await event in events { collected.append(event) }
        self.init(collected)
    }

    public var outcome: Outcome {
        for event in events.reversed() {
            switch event.kind {
            case .runCompleted: return .completed
            case .runFailed(let error): return .failed(error)
            case .runCancelled: return .cancelled
            default: continue
            }
        }
        return .unfinished
    }

    /// The activations that started, in the order in which they did, each once however often it was tried.
    public var visits: [ActivationID] {
        events.compactMap { if case .started(let id, attempt: 1) = $0.kind { id } else { nil } }
    }

    /// How many activations of a node started.
    public func visits(of node: String) -> Int { visits.count { $0.isNamed(node) } }

    public func visited(_ node: String) -> Bool { visits(of: node) > 0 }

    /// Whether a node was skipped and no activation of it started.
    public func skipped(_ node: String) -> Bool {
        !visited(node)
            && events.contains { if case .skipped(let id) = $0.kind { id.isNamed(node) } else { false } }
    }

    /// Whether both nodes were visited and all activations of the first had ended before any of the second started.
    public func order(of first: String, before second: String) -> Bool {
        guard let start = positions(of: second).first?.lowerBound,
            let last = positions(of: first).map(\.upperBound).max()
        else { return false }
        return last < start
    }

    /// How often a node was tried, over all its activations.
    public func attempts(of node: String) -> Int {
        events.count { if case .started(let id, _) = $0.kind { id.isNamed(node) } else { false } }
    }

    /// The error with which an activation of a node failed for good or was passed over; the first, if there are several.
    public func failure(of node: String) -> String? {
        for event in events {
            switch event.kind {
            case .failed(let id, let error) where id.isNamed(node),
                .passedOver(let id, let error) where id.isNamed(node):
                return error
            default: continue
            }
        }
        return nil
    }

    /// Where in the events each activation of a node starts and ends; one that never ends, ends behind all events.
    private func positions(of node: String) -> [ClosedRange<Int>] {
        var starts: [ActivationID: Int] = [:]
        var ends: [ActivationID: Int] = [:]
        for (position, event) in events.enumerated() {
            switch event.kind {
            case .started(let id, attempt: 1) where id.isNamed(node): starts[id] = position
            case .completed(let id), .failed(let id, _), .passedOver(let id, _), .cancelled(let id): ends[id] = position
            default: continue
            }
        }
        return starts.map { $0.value...(ends[$0.key] ?? events.count) }.sorted { $0.lowerBound < $1.lowerBound }
    }
}

extension ActivationID {
    fileprivate func isNamed(_ node: String) -> Bool {
        description == node || path.last?.index == nil && path.map(\.node).joined(separator: "/") == node
    }
}
