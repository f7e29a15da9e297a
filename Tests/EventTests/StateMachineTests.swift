import Apus
import Testing

@Suite struct StateMachineTests {
    enum Door: String, CheckedState, Codable {
        case open, closed, locked

        var next: [Door] {
            switch self {
            case .open: [.closed]
            case .closed: [.open, .locked]
            case .locked: []
            }
        }
    }

    @Test func `a machine takes the steps its states allow`() throws {
        var door = StateMachine(Door.open)
        try door.move(to: .closed)
        try door.move(to: .locked)
        #expect(door.state == .locked)
        #expect(door.isOver)
    }

    @Test func `a step that is not allowed changes nothing and says what is`() {
        var door = StateMachine(Door.closed)
        let error = #expect(throws: TransitionError.self) { try door.move(to: .closed, of: "cellar") }
        #expect(door.state == .closed)
        #expect(error?.description == "\"cellar\" is closed and can't become closed; it may become open, locked.")
    }

    @Test func `nothing follows an end`() {
        var door = StateMachine(Door.locked)
        let error = #expect(throws: TransitionError.self) { try door.move(to: .open) }
        #expect(error?.description == "It is locked and can't become open; nothing comes after that.")
    }
}
