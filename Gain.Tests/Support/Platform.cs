// The tests are of Linux, as what they test.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// What takes seconds at most, and on a machine that is busy a minute.
[assembly: Gain.Tests.Patience(300)]
