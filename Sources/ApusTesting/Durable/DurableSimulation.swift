public import Apus

/// Durable runs on hosts that crash, stand still and start again, over one disk that fails, all from one seed.
///
/// For some time hosts are killed, paused, stopped and restarted, storage calls fail or lose their answers, answers come twice and
/// runs are cancelled. Then all goes well, and every run has to come to its end. Meanwhile every commit is compared with what
/// was promised before: nothing that was stored happens again, no effect begins before its intent is stored, journals only grow.
///
/// ```swift
/// import Apus
/// import ApusTesting
/// import Testing
///
/// struct Order: GraphState { var isPaid = false }
///
/// @Test(arguments: 0..<100 as Range<UInt64>)
/// func `an order is paid once, whatever befalls its hosts`(seed: UInt64) {
///     let report = DurableSimulation(seed: seed) { outside, _ in
///         let graph = try Graph<Order>("order") { g in
///             let pay = g.node("pay") { order, context in
///                 _ = try await outside.step("card", in: context)
///                 order.isPaid = true
///             }
///             g.start(at: pay)
///         }
///         return [DurableWorkload(graph, from: Order()) { $0.state?.isPaid == true || $0.wasCancelled ? [] : ["not paid"] }]
///     }.run()
///     #expect(report.complaints.isEmpty, "\(report)")
/// }
/// ```
public struct DurableSimulation<State: GraphState>: Sendable {
    public let seed: UInt64
    private let plan: DurablePlan
    private let isTold: Bool
    private let decisions: Int
    private let workloads: @Sendable (SimulatedOutside, EngineOptions) throws -> [DurableWorkload<State>]

    /// With `isTold` the report tells all that was stored and done. What takes more than so many `decisions` counts as never ending.
    public init(
        seed: UInt64, isTold: Bool = false, decisions: Int = 500_000,
        workloads: @escaping @Sendable (SimulatedOutside, EngineOptions) throws -> [DurableWorkload<State>]
    ) {
        self.seed = seed
        self.isTold = isTold
        self.decisions = decisions
        self.workloads = workloads
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0xD15C))
        plan = DurablePlan(&generator)
    }

    /// Simulates on the calling thread.
    public func run() -> DurableReport {
        let simulator = Simulator(seed: seed)
        var report = DurableReport(seed: seed, plan: "\(plan)")
        let watch = Guarded<SimulatedDisk?>(nil)
        do {
            try simulator.run(limit: .seconds(3_600), decisions: decisions) { environment in
                let disk = SimulatedDisk(environment, isTold: isTold)
                watch.withLock { $0 = disk }
                let outside = SimulatedOutside(disk, seed: seed)
                let course = DurableCourse(
                    simulator, disk, outside, plan, try workloads(outside, plan.options), seed: seed)
                await course.run()
            }
        } catch {
            report.complaints.append("G1: \(error)")
        }
        let known = watch.withLock { $0 }?.watch.withLock { ($0.complaints, $0.story) }
        report.complaints = (known?.0 ?? []) + report.complaints
        report.story = known?.1 ?? []
        report.trace = simulator.trace
        report.decisions = simulator.decisions
        report.elapsed = simulator.elapsed
        return report
    }
}

/// What a ``DurableSimulation`` came to.
public struct DurableReport: Sendable, CustomStringConvertible {
    public var seed: UInt64
    /// What befell the hosts, in words.
    public var plan: String
    /// Which promises were broken, and how; empty if none was.
    public var complaints: [String] = []
    /// A hash of all decisions, equal for equal seeds.
    public var trace: UInt64 = 0
    public var decisions = 0
    /// In virtual time.
    public var elapsed = Duration.zero
    /// What was stored and done, if it was to be told.
    public var story: [String] = []

    public var description: String {
        "seed \(seed): \(complaints.joined(separator: "\n"))\n\(plan)\n\(story.joined(separator: "\n"))"
    }
}
