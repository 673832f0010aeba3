// The tests are of Linux, as what they test.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
