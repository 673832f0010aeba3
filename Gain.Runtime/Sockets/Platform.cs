using System.Runtime.InteropServices;

namespace Gain.Sockets;

/// <summary>Where servers can run. Elsewhere a system call would be another one, or none.</summary>
internal static class Platform
{
    /// <summary>Refuses a system that is not Linux on x64 or arm64.</summary>
    /// <exception cref="GainException">It is another one.</exception>
    internal static void Require() => Require(
        OperatingSystem.IsLinux(), RuntimeInformation.ProcessArchitecture, RuntimeInformation.OSDescription);

    /// <summary>The same for a system of which that is known.</summary>
    internal static void Require(bool isLinux, Architecture architecture, string system)
    {
        if (!isLinux || architecture is not (Architecture.X64 or Architecture.Arm64))
        {
            throw new GainException(
                GainError.PlatformNotSupported,
                $"Gain runs on Linux on x64 or arm64 alone, and this is {system} on {architecture}: run the "
                + "server in a Linux container, a virtual machine or WSL 2, or ask "
                + "OperatingSystem.IsLinux() before it is started.",
                innerException: new PlatformNotSupportedException());
        }
    }
}
