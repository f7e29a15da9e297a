import Foundation

/// Finds passages by the words they share with a query: Okapi BM25 (Robertson and Zaragoza 2009), with k1 = 1.2 and b = 0.75.
public struct KeywordIndex: Sendable {
    private struct Entry: Sendable {
        var passage: Passage
        var length: Int
    }

    private var entries: [Entry] = []
    /// By word: in which entries, how often.
    private var postings: [String: [(entry: Int, count: Int)]] = [:]
    private var totalLength = 0

    public init() {}

    public init(_ passages: some Sequence<Passage>) { for passage in passages { add(passage) } }

    public var count: Int { entries.count }

    public mutating func add(_ passage: Passage) {
        let words = Self.words(of: "\(passage.heading ?? "") \(passage.text)")
        var counts: [String: Int] = [:]
        for word in words { counts[word, default: 0] += 1 }
        for (word, count) in counts { postings[word, default: []].append((entries.count, count)) }
        entries.append(Entry(passage: passage, length: words.count))
        totalLength += words.count
    }

    /// The best passages, best first; of equal ones the first added is first. None that shares no word with the query.
    public func search(_ query: String, limit: Int = 10) -> [Finding] {
        guard !entries.isEmpty, limit > 0 else { return [] }
        var scores = [Double](repeating: 0, count: entries.count)
        let mean = Double(totalLength) / Double(entries.count)
        for word in Set(Self.words(of: query)).sorted() {
            guard let places = postings[word] else { continue }
            let (with, without) = (Double(places.count), Double(entries.count - places.count))
            let rarity = log(1 + (without + 0.5) / (with + 0.5))
            for place in places {
                let times = Double(place.count)
                let weight = 0.25 + 0.75 * Double(entries[place.entry].length) / max(1, mean)
                let saturated: Double = times * 2.2 / (times + 1.2 * weight)
                scores[place.entry] += rarity * saturated
            }
        }
        let found = scores.indices.filter { scores[$0] > 0 }
        let best = found.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(limit)
        return best.map { Finding(entries[$0].passage, score: scores[$0]) }
    }

    /// Runs of letters and digits in lower case, without marks above or below.
    static func words(of text: String) -> [String] {
        let folded = text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        return folded.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
