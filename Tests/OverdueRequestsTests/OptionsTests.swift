import Foundation
import OverdueRequestsKit
import Testing

@Suite struct OptionsTests {
    @Test func `without arguments the sample is seen from March 20th 2011`() throws {
        let options = try Options([])
        #expect(options.asOf == Samples.asOf)
        #expect((options.data, options.out, options.help) == (nil, "out", false))
        #expect((options.webhook, options.limit) == (nil, .max))
        #expect((options.approve, options.run, options.database) == (nil, nil, nil))
        #expect(options.command == .review)
    }

    @Test(arguments: [
        [
            "--data", "a b.csv", "--as-of", "2011-03-01", "--out", "o", "--webhook", "http://localhost:1/x", "--limit",
            "5", "--approve", "no", "--run", "r", "--database", "d.db",
        ],
        [
            "--database=d.db", "--run=r", "--approve=no", "--limit=5", "--webhook=http://localhost:1/x", "--out=o",
            "--as-of=2011-03-01", "--data=a b.csv",
        ],
    ])
    func `every option is understood, in any order`(_ arguments: [String]) throws {
        let options = try Options(arguments)
        #expect((options.data, options.out, options.limit) == ("a b.csv", "o", 5))
        #expect(options.asOf.description == "2011-03-01T00:00:00")
        #expect(options.webhook == URL(string: "http://localhost:1/x"))
        #expect((options.approve, options.run, options.database) == (.no, "r", "d.db"))
    }

    @Test(arguments: [
        (["resume", "r", "--out", "o"], Options.Command.resume("r")), (["list", "--out", "o"], .list),
        (["crash", "--out=o"], .crash),
    ])
    func `a command stands in front of its options`(_ arguments: [String], _ command: Options.Command) throws {
        let options = try Options(arguments)
        #expect(options.command == command && options.out == "o")
    }

    @Test(arguments: ["--help", "-h"])
    func `help is asked for with either name`(_ name: String) throws { #expect(try Options([name]).help) }

    @Test(arguments: [
        (["--dat", "x"], "there is no option --dat"),
        (["x.csv"], "x.csv is not an option; a file is named with --data"),
        (["--data"], "--data needs a value: FILE"),
        (["--data", "--limit", "3"], "--data needs a value: FILE"),
        (["--data="], "--data needs a value: FILE"),
        (["--out", "a", "--out", "b"], "--out is given twice"),
        (["--as-of", "today"], "--as-of today: not a time of the form yyyy-MM-ddTHH:mm:ss"),
        (["--as-of", "2011-02-29"], "--as-of 2011-02-29: there is no such date or time of day"),
        (["--approve", "maybe"], "--approve maybe: not yes or no"),
        (["resume"], "resume needs the name of a run; list shows them"),
        (["resume", "--out", "o"], "resume needs the name of a run; list shows them"),
        (["resume", "r", "--run", "s"], "--run is for starting a review"),
        (["--out", "o", "list"], "list is not an option; a file is named with --data"),
        (["--limit", "0"], "--limit 0: not a whole number above 0"),
        (["--webhook", "localhost"], "--webhook localhost: not an address of the form https://host/path"),
        (["--webhook", "ftp://host/x"], "--webhook ftp://host/x: not an address of the form https://host/path"),
    ])
    func `what makes no sense is refused in words`(_ arguments: [String], _ words: String) {
        #expect(throws: UsageError(words)) { try Options(arguments) }
    }
}
