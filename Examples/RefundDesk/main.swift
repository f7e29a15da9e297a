import Apus
import ApusAgents
import ApusSQLite
import Foundation

// An agent asks before it pays, its process is killed, and another process gets the answer.
//
// `swift run RefundDesk` shows both in one go; `ask` and `answer yes|no` are its halves.

let arguments = Array(CommandLine.arguments.dropFirst())
let folder = URL(filePath: arguments.first == "in" && arguments.count > 1 ? arguments[1] : "out/refund-desk")
let command = arguments.first == "in" ? Array(arguments.dropFirst(2)) : arguments

switch command.first {
case "ask":
    let question = try await Desk(in: folder).question()
    print("process \(getpid()) asks: \(question.text)")
    fflush(nil)
    kill(getpid(), SIGKILL)
case "answer":
    let desk = try await Desk(in: folder)
    let answer = try await desk.answer(desk.question(), with: command.last == "no" ? .decline : .approve)
    print("process \(getpid()) says: \(answer)")
    await desk.storage.close()
default:
    try? FileManager.default.removeItem(at: folder)
    let child = Process()
    child.executableURL = Bundle.main.executableURL
    child.arguments = ["in", folder.path, "ask"]
    try child.run()
    child.waitUntilExit()
    print("It died by signal \(child.terminationStatus). The run is in \(folder.path)/runs.sqlite and nothing is paid.")
    let desk = try await Desk(in: folder)
    let answer = try await desk.answer(desk.question(), with: .approve)
    print("process \(getpid()) says: \(answer)")
    let payments = try String(contentsOf: folder.appending(path: "payments.txt"), encoding: .utf8)
    print("payments: \(payments.split(separator: "\n").count)")
    await desk.storage.close()
}
