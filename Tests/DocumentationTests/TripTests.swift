import Apus
import ApusTesting
import Testing

@Test func `a hotel that is closed for hours only delays the trip`() throws {
    try Simulator.explore(seeds: 0..<200) { environment in
        let opening = environment.now().advanced(by: .seconds(3 * 3_600))
        let run = GraphExecutor(environment: environment).start(try tripGraph(opening: opening), from: Trip())
        let recording = try await RunRecording(of: run.events)
        try recording.verify(.order(of: "hotel", before: "write"), .ended(.completed))
        #expect(try await run.value.notes == ["18 °C", "a room with a view", "bon voyage"])
    }
}
