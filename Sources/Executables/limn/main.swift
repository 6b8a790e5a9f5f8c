import CommandLine

CommandLineTool.main()
