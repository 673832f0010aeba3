using System.Runtime.InteropServices;

namespace Gain.Tls.OpenSsl;

/// <summary>The thread's queue of errors, in words.</summary>
internal static unsafe class OpenSslErrors
{
    /// <summary>The words of the newest error of this thread, and an empty queue.</summary>
    internal static string Take()
    {
        nuint code = LibCrypto.ERR_peek_last_error();
        LibCrypto.ERR_clear_error();
        return code == 0 ? "OpenSSL gives no reason" : Describe(code);
    }

    /// <summary>The words of an error.</summary>
    // SAFETY: the buffer outlives the call, which ends what it writes with a zero.
    internal static string Describe(nuint code)
    {
        const int Length = 256;
        byte* text = stackalloc byte[Length];
        LibCrypto.ERR_error_string_n(code, text, Length);
        return Marshal.PtrToStringUTF8((nint)text)!;
    }
}
