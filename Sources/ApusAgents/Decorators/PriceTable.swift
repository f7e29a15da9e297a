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
