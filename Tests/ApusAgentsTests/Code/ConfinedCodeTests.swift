#if os(Linux)
    import Apus
    import ApusAgents
    import Foundation
    import Testing

    @Suite struct ConfinedCodeTests {
        @Test func `a program's output, errors, exit code and input are what they are`() async throws {
            let runner = try await Sandbox.runner()
            let code = """
                import sys
                print(sum(int(line) for line in sys.stdin))
                print("ünïcödé", file=sys.stderr)
                sys.exit(3)
                """
            let outcome = try await runner.python(code, input: "1\n2\n39\n")
            #expect(outcome.ending == .exited(3))
            #expect(outcome.output.text == "42\n")
            #expect(outcome.errors.text == "ünïcödé\n")
            #expect(outcome.processorTime > .zero)
            #expect(outcome.peakMemory > 1 << 20)
            let other = try await runner.shell("read a; echo \"got $a\"; echo x > f; echo y > /dev/null; cat f; ls")
            #expect(other.succeeded)
            #expect(other.output.text == "got \nx\nf\nmain.sh\n")
        }

        @Test func `what programs usually do works`() async throws {
            let code = """
                import asyncio, json, os, sqlite3, sys, subprocess, tempfile, threading, shutil, decimal, hashlib
                async def nap():
                    await asyncio.sleep(0.001)
                    return 1
                assert asyncio.run(nap()) == 1
                thread = threading.Thread(target=lambda: None)
                thread.start(); thread.join()
                assert subprocess.run([sys.executable, "-c", "print(7)"], capture_output=True).stdout == b"7\\n"
                with tempfile.TemporaryDirectory() as folder:
                    path = os.path.join(folder, "a")
                    open(path, "w").write("text")
                    shutil.copy(path, path + "b")
                    os.rename(path + "b", path + "c")
                    database = sqlite3.connect(os.path.join(folder, "d"))
                    database.execute("create table t (n)")
                    database.commit()
                assert os.getcwd() == os.environ["HOME"] and os.listdir(".") == ["main.py"]
                print("well")
                """
            let outcome = try await Sandbox.runner().python(code)
            #expect(outcome.output.text == "well\n", "\(outcome)")
        }
    }
#endif
