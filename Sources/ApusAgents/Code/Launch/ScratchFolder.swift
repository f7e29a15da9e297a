#if os(Linux)
    import Foundation

    /// A private folder of the host that code writes in, where it can't have one of its own.
    struct ScratchFolder {
        let path: String

        init(in parent: String) throws(CodeError) {
            var template = Array("\(parent)/apus-code-\(String(repeating: "X", count: 6))".utf8CString)
            guard mkdtemp(&template) != nil else {
                let reason = String(cString: strerror(errno))
                throw CodeError(.launcherFailed, detail: "no folder can be made in \(parent): \(reason)")
            }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        /// Removes it with all that is in it, also what was made unreadable. Links are not followed.
        func remove() {
            let files = FileManager.default
            if (try? files.removeItem(atPath: path)) != nil { return }
            open(path)
            try? files.removeItem(atPath: path)
        }

        private func open(_ folder: String) {
            chmod(folder, 0o700)
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                var status = stat()
                guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
                open("\(folder)/\(name)")
            }
        }
    }
#endif
