/// What models cost, by name. Prices change: give your own where it matters.
public struct PriceTable: Sendable, Hashable, Codable {
    /// In units of a currency for a million tokens.
    public struct Price: Sendable, Hashable, Codable {
        public var input: Double
        public var output: Double
        /// Of what comes out of the provider's cache; as ``input`` where it is not known.
        public var cachedInput: Double?
        public var cacheWrite: Double?

        public init(input: Double, output: Double, cachedInput: Double? = nil, cacheWrite: Double? = nil) {
            self.input = input
            self.output = output
            self.cachedInput = cachedInput
            self.cacheWrite = cacheWrite
        }
    }

    /// By the beginning of a model's name; the longest one that fits counts.
    public var prices: [String: Price]

    public init(_ prices: [String: Price]) { self.prices = prices }

    public func price(of model: String) -> Price? {
        prices.filter { model.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }?.value
    }

    /// What this usage costs; `nil` if the model is not in the table.
    public func cost(of usage: Usage, model: String) -> Double? {
        guard let price = price(of: model) else { return nil }
        let plain = usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens
        let input = Double(plain) * price.input
        let cached = Double(usage.cachedInputTokens) * (price.cachedInput ?? price.input)
        let written = Double(usage.cacheWriteTokens) * (price.cacheWrite ?? price.input)
        return (input + cached + written + Double(usage.outputTokens) * price.output) / 1_000_000
    }
}

extension PriceTable {
    /// What the vendors' own pages list for text, in US dollars, as of November 2025. They change: give your own where it matters.
    ///
    /// Sources: openai.com/api/pricing, anthropic.com/pricing, ai.google.dev/pricing (prompts up to 200,000 tokens), cohere.com/pricing.
    public static let listed = PriceTable([
        "gpt-5": Price(input: 1.25, output: 10, cachedInput: 0.125),
        "gpt-5-mini": Price(input: 0.25, output: 2, cachedInput: 0.025),
        "gpt-5-nano": Price(input: 0.05, output: 0.4, cachedInput: 0.005),
        "gpt-4.1": Price(input: 2, output: 8, cachedInput: 0.5),
        "gpt-4.1-mini": Price(input: 0.4, output: 1.6, cachedInput: 0.1),
        "gpt-4.1-nano": Price(input: 0.1, output: 0.4, cachedInput: 0.025),
        "gpt-4o": Price(input: 2.5, output: 10, cachedInput: 1.25),
        "gpt-4o-mini": Price(input: 0.15, output: 0.6, cachedInput: 0.075),
        "o3": Price(input: 2, output: 8, cachedInput: 0.5),
        "o4-mini": Price(input: 1.1, output: 4.4, cachedInput: 0.275),
        "text-embedding-3-small": Price(input: 0.02, output: 0),
        "text-embedding-3-large": Price(input: 0.13, output: 0),
        "claude-opus-4-1": Price(input: 15, output: 75, cachedInput: 1.5, cacheWrite: 18.75),
        "claude-sonnet-4": Price(input: 3, output: 15, cachedInput: 0.3, cacheWrite: 3.75),
        "claude-haiku-4-5": Price(input: 1, output: 5, cachedInput: 0.1, cacheWrite: 1.25),
        "claude-3-5-haiku": Price(input: 0.8, output: 4, cachedInput: 0.08, cacheWrite: 1),
        "gemini-2.5-pro": Price(input: 1.25, output: 10, cachedInput: 0.125),
        "gemini-2.5-flash": Price(input: 0.3, output: 2.5, cachedInput: 0.03),
        "gemini-2.5-flash-lite": Price(input: 0.1, output: 0.4, cachedInput: 0.01),
        "command-a": Price(input: 2.5, output: 10),
        "command-r-plus": Price(input: 2.5, output: 10),
        "command-r": Price(input: 0.15, output: 0.6),
    ])
}
