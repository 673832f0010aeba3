using System.Reflection;
using System.Runtime.InteropServices;

namespace Gain.Tls.OpenSsl;

/// <summary>Finds OpenSSL 3 once for the process, and says plainly when it cannot be used.</summary>
/// <remarks>
/// A folder that is configured is the only one that is tried: a setting that the system's own library
/// silently overrides would hide an old OpenSSL. Without one, the loader looks where it always looks.
/// </remarks>
internal static unsafe class OpenSslLibrary
{
    /// <summary>The AppContext setting that names the folder.</summary>
    internal const string SettingName = "Gain.Tls.OpenSslPath";

    /// <summary>The environment variable that names the folder, where the setting does not.</summary>
    internal const string VariableName = "GAIN_OPENSSL_PATH";

    private const uint MinimumVersion = 0x3000_0000;

    private static readonly Lock s_lock = new();
    private static nint s_ssl;
    private static nint s_crypto;
    private static bool s_isLoaded;

    /// <summary>What OpenSSL calls itself, as in "OpenSSL 3.0.19 27 Jan 2026".</summary>
    internal static string Version
    {
        get
        {
            EnsureLoaded();
            return Marshal.PtrToStringUTF8((nint)LibCrypto.OpenSSL_version(0))!;
        }
    }

    /// <summary>Must come before any other call of OpenSSL.</summary>
    /// <exception cref="TlsException">There is none, or it is too old.</exception>
    internal static void EnsureLoaded()
    {
        if (Volatile.Read(ref s_isLoaded))
        {
            return;
        }

        lock (s_lock)
        {
            if (s_isLoaded)
            {
                return;
            }

            (s_ssl, s_crypto) = Open(ConfiguredFolder());
            NativeLibrary.SetDllImportResolver(typeof(OpenSslLibrary).Assembly, Resolve);
            Volatile.Write(ref s_isLoaded, true);
        }
    }

    /// <summary>Opens both libraries of a folder, or those that the loader finds.</summary>
    // SAFETY: the function pointer is the library's exported function of that signature, called while it is
    // open.
    internal static (nint Ssl, nint Crypto) Open(string? folder)
    {
        nint crypto = OpenOne(folder, LibCrypto.Name);
        nint ssl = 0;
        try
        {
            if (!NativeLibrary.TryGetExport(crypto, "OpenSSL_version_num", out nint number))
            {
                throw TooOld(folder, "it does not say which version it is");
            }

            var version = ((delegate* unmanaged[Cdecl]<nuint>)number)();
            if (version < MinimumVersion)
            {
                throw TooOld(folder, $"it says 0x{(ulong)version:x8}");
            }

            ssl = OpenOne(folder, LibSsl.Name);
            return (ssl, crypto);
        }
        finally
        {
            if (ssl == 0)
            {
                NativeLibrary.Free(crypto);
            }
        }
    }

    private static string? ConfiguredFolder() =>
        AppContext.GetData(SettingName) as string is { Length: > 0 } setting
            ? setting
            : Environment.GetEnvironmentVariable(VariableName) is { Length: > 0 } variable ? variable : null;

    private static nint OpenOne(string? folder, string name)
    {
        string path = folder is null ? name : Path.Combine(folder, name);
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException)
        {
            string wayOut = folder is null
                ? $"install OpenSSL 3 (Debian: libssl3, Alpine: libssl3, Fedora: openssl-libs), or name the "
                    + $"folder that has it in {VariableName} or the AppContext setting {SettingName}"
                : $"{VariableName} or the AppContext setting {SettingName} names that folder: correct it, or "
                    + "remove it to use the system's own";
            throw new TlsException(
                TlsError.OpenSslMissing, $"TLS needs OpenSSL 3, and {path} cannot be loaded: {wayOut}.",
                    fault);
        }
    }

    private static TlsException TooOld(string? folder, string what) => new(
        TlsError.OpenSslTooOld,
        $"TLS needs OpenSSL 3.0 or newer, and the {LibCrypto.Name} "
        + $"{(folder is null ? "of the system" : $"in {folder}")} "
        + $"is older ({what}): install OpenSSL 3, or name the folder that has it in {VariableName}.");

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        LibSsl.Name => s_ssl,
        LibCrypto.Name => s_crypto,
        _ => 0,
    };
}
