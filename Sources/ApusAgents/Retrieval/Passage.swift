/// A piece of a document that can be found and cited.
public struct Passage: Sendable, Hashable, Codable, Identifiable {
    /// Names it among all: `<document>#<number>`.
    public var id: String
    public var document: String
    /// The nearest heading above it, if the document has such.
    public var heading: String?
    public var text: String

    public init(id: String, document: String, heading: String? = nil, text: String) {
        self.id = id
        self.document = document
        self.heading = heading
        self.text = text
    }
}

/// A passage and how well it fits; scores of different indexes can't be compared.
public struct Finding: Sendable, Hashable, Codable {
    public var passage: Passage
    public var score: Double

    public init(_ passage: Passage, score: Double) {
        self.passage = passage
        self.score = score
    }
}
