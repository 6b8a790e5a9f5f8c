import Supervision

SupervisorProgram.main()
