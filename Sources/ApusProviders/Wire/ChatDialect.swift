public import Apus
public import ApusAgents

/// How one vendor writes what all of them mean: pure translation, without a network.
public protocol ChatDialect: Sendable {
    associatedtype Fold: ChatFold

    /// How the pieces of a streamed answer are told apart.
    var framing: StreamFraming { get }
    /// What is sent to ask `model`.
    /// - Throws: ``AnswerFault`` with the code `unsupported` where the vendor has no words for something in `request`.
    func call(_ request: ChatRequest, to model: String, isStreamed: Bool) throws(AnswerFault) -> WireCall
    /// What a whole answer says.
    func response(_ answer: JSON) throws(AnswerFault) -> ChatResponse
    /// The beginning of a streamed answer.
    func fold() -> Fold
}

/// Reads a streamed answer, event by event.
public protocol ChatFold: Sendable {
    /// Whether the answer has said that it is over; what ends before that was cut.
    var isComplete: Bool { get }
    /// Takes the next event, and hands over what it means.
    /// - Throws: ``AnswerFault`` for an error that the vendor sends in the middle, and for what is not in its documentation.
    mutating func take(_ event: WireEvent, _ emit: (ChatEvent) -> Void) throws(AnswerFault)
}

/// A vendor's way of asking for vectors.
public protocol EmbeddingDialect: Sendable {
    func embeddingCall(_ texts: [String], to model: String) throws(AnswerFault) -> WireCall
    func embeddings(_ answer: JSON) throws(AnswerFault) -> Embeddings
}

/// A request without its address and its key.
public struct WireCall: Hashable, Sendable {
    /// Behind the base address, with its query.
    public var path: String
    public var headers: HTTPHeaders
    public var body: JSON

    public init(_ path: String, _ body: JSON, headers: HTTPHeaders = [:]) {
        self.path = path
        self.body = body
        self.headers = headers
    }
}

/// One event of a streamed answer.
public struct WireEvent: Hashable, Sendable {
    /// Its name, where it has one.
    public var type: String
    /// Nearly always JSON.
    public var data: [UInt8]

    public init(type: String = "message", data: [UInt8]) {
        self.type = type
        self.data = data
    }

    public init(type: String = "message", _ json: JSON) { self.init(type: type, data: json.bytes) }

    /// The data as JSON.
    public func json() throws(AnswerFault) -> JSON {
        do {
            return try JSON(parsing: data)
        } catch {
            throw AnswerFault(.malformedAnswer, "an event of the stream is not JSON: \(error)")
        }
    }
}
