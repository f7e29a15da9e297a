// Confines itself and becomes another program. The library ApusAgents starts it; its rules come through descriptor 3, which the
// host holds open, and what came of it is told through descriptor 4. The environment is not looked at.
#if os(Linux)
    import CLinux
    import Glibc

    clinux_close_from(5)
    if CommandLine.arguments.dropFirst().elementsEqual(["--probe"]) {
        Report(pipe: 1).tell(Probe().run())
        _exit(0)
    }
    for descriptor in 3...4 as ClosedRange<Int32> where clinux_close_on_exec(descriptor) < 0 {
        Report(pipe: 2).tell(
            "apus-confine is started by the library ApusAgents; \"apus-confine --probe\" tells what this machine has.\n"
        )
        _exit(2)
    }
    let report = Report(pipe: 4)
    report.attempt { () throws(Failure) in
        let rules = try Rules(from: 3)
        try Supervisor(host: 3, report: report, rules: rules).run()
    }
    _exit(0)
#else
    import Foundation

    FileHandle.standardError.write(Data("apus-confine needs Linux.\n".utf8))
    exit(2)
#endif
