import Foundation
import OverdueRequestsKit

exit(await ReviewCommand(executable: Bundle.main.executableURL).run(Array(CommandLine.arguments.dropFirst())).rawValue)
