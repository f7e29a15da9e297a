import Apus
import ApusTesting
import Testing

@Suite struct QuantileSketchTests {
    @Test func `quantiles are off by no more than the accuracy, whole or merged`() throws {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            var (whole, parts) = (QuantileSketch(), [QuantileSketch(), QuantileSketch(), QuantileSketch()])
            var values: [Double] = []
            for number in 0..<3_000 {
                let chance = Double(random.next() >> 11) / Double(1 << 53)
                let value = number % 50 == 0 ? 0 : 1e-4 / (chance * chance + 1e-6)
                values.append(value)
                whole.insert(value)
                parts[number % 3].insert(value)
            }
            values.sort()
            var merged = parts[2]
            for part in parts.prefix(2) { merged.merge(part) }
            for part in [0, 0.01, 0.5, 0.9, 0.99, 0.999, 1] {
                let exact = values[Int(part * Double(values.count - 1))]
                for sketch in [whole, merged] {
                    let found = try #require(sketch.quantile(part))
                    #expect(abs(found - exact) <= 0.0101 * exact, "seed \(seed), \(part): \(found), not \(exact)")
                }
            }
            #expect(merged.count == 3_000 && abs(merged.sum - whole.sum) < 1e-6 * whole.sum)
            #expect(try JSON(encoding: whole).decode(as: QuantileSketch.self).quantile(0.9) == whole.quantile(0.9))
        }
    }

    @Test func `an empty sketch has no quantile, and what is no number is left out`() {
        var sketch = QuantileSketch()
        #expect(sketch.quantile(0.5) == nil && sketch.mean == nil)
        sketch.insert(.nan)
        sketch.insert(.infinity)
        #expect(sketch.count == 0)
    }
}
