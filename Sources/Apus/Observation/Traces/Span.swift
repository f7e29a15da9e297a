/// A piece of work in a trace, with OpenTelemetry's words.
public struct Span: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, Codable { case `internal`, server, client }

    public enum Status: Sendable, Hashable {
        case unset
        case ok
        case error(String)
    }

    /// A moment in a span.
    public struct Event: Sendable, Hashable {
        public var name: String
        public var instant: Instant
        public var attributes: [SpanAttribute]

        public init(name: String, instant: Instant, attributes: [SpanAttribute] = []) {
            self.name = name
            self.instant = instant
            self.attributes = attributes
        }
    }

    public var context: TraceContext
    public var parent: SpanID?
    /// Work that this one follows without being a part of it.
    public var links: [TraceContext] = []
    public var name: String
    public var kind: Kind = .internal
    public var start: Instant
    /// Later than ``start`` by what the monotonic clock says, whatever the calendar does.
    public var end: Instant
    public var attributes: [SpanAttribute] = []
    public var events: [Event] = []
    public var status: Status = .unset

    public init(_ name: String, _ context: TraceContext, parent: SpanID?, start: Instant) {
        self.name = name
        self.context = context
        self.parent = parent
        self.start = start
        end = start
    }

    public subscript(attribute: String) -> SpanAttribute.Value? { attributes.first { $0.name == attribute }?.value }

    public mutating func set(_ attribute: String, _ value: SpanAttribute.Value) {
        if let place = attributes.firstIndex(where: { $0.name == attribute }) {
            attributes[place].value = value
        } else {
            attributes.append(SpanAttribute(name: attribute, value: value))
        }
    }

    /// Ends it at a moment, by the monotonic clock.
    public mutating func finish(at instant: Instant, _ status: Status = .unset) {
        end = start.advanced(by: max(.zero, start.duration(to: instant)))
        if status != .unset { self.status = status }
    }
}

/// What is said about a span.
public struct SpanAttribute: Sendable, Hashable {
    public enum Value: Sendable, Hashable {
        case text(String)
        case integer(Int)
        case number(Double)
        case flag(Bool)
        case texts([String])
    }

    public var name: String
    public var value: Value

    public init(name: String, value: Value) {
        self.name = name
        self.value = value
    }
}

/// Where spans go when they have ended.
public protocol SpanExporter: Sendable {
    /// Takes a span. The run waits meanwhile, so what goes over a network is done by somebody else.
    func export(_ span: Span)
}

/// Keeps the spans, for tests.
public final class SpanMemory: SpanExporter {
    private let state = Guarded<[Span]>([])

    public init() {}

    /// In the order in which they ended.
    public var spans: [Span] { state.withLock { $0 } }

    public func export(_ span: Span) { state.withLock { $0.append(span) } }
}
