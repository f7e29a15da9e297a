import AsideKit
import Testing

@Suite(.aside) struct MachineTests {
    @Test(arguments: Trial.all, Effort.parts)
    func `a machine decides as its model does, whatever happens`(_ trial: Trial, part: Int) {
        let found = trial.first(in: Effort.seeds(of: part, 1_000))
        #expect(found == nil, "\(trial.name), seed \(found?.seed ?? 0): \(found?.complaint ?? "")")
    }
}
