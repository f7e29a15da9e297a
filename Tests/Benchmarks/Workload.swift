/// Something to measure.
struct Workload: Sendable {
    let name: String
    let measure: @Sendable () async throws -> [Figure]

    init(_ name: String, _ measure: @escaping @Sendable () async throws -> [Figure]) {
        self.name = name
        self.measure = measure
    }
}
