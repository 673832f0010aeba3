using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gain.Tls.OpenSsl;

/// <summary>
/// The BIO between OpenSSL and a <see cref="BioWindow"/>. It calls none of the user's code and none that
/// allocates managed memory, so that nothing can be thrown through OpenSSL's frames.
/// </summary>
internal static unsafe class BioMethod
{
    // Never freed: BIOs of the process use it until its end.
    private static readonly nint s_method = Create();

    /// <summary>A BIO over a window, which must outlive it. SSL_set_bio takes it over.</summary>
    // SAFETY: the window is native memory of a TlsWindow, which stays until the last of its sessions has
    // ended.
    internal static nint New(BioWindow* window)
    {
        nint bio = LibCrypto.BIO_new(s_method);
        if (bio != 0)
        {
            LibCrypto.BIO_set_data(bio, window);
            LibCrypto.BIO_set_init(bio, 1);
        }

        return bio;
    }

    // SAFETY: the name is a constant of the assembly, which is never unloaded.
    private static nint Create()
    {
        nint method;
        fixed (byte* name = "Gain\0"u8)
        {
            method = LibCrypto.BIO_meth_new(LibCrypto.BIO_get_new_index() | Ssl.BIO_TYPE_SOURCE_SINK, name);
        }

        if (method == 0
            || LibCrypto.BIO_meth_set_read(method, &Read) != 1
            || LibCrypto.BIO_meth_set_write(method, &Write) != 1
            || LibCrypto.BIO_meth_set_ctrl(method, &Control) != 1)
        {
            throw new TlsException(TlsError.OpenSslFailed, $"A BIO cannot be made: {OpenSslErrors.Take()}.");
        }

        return method;
    }

    // SAFETY: OpenSSL gives room for `count` bytes; the window's input is pinned by the caller of this call.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* buffer, int count)
    {
        var window = (BioWindow*)LibCrypto.BIO_get_data(bio);
        LibCrypto.BIO_clear_flags(bio, Ssl.BIO_FLAGS_RWS_SHOULD_RETRY);
        if (window->IsRefusing)
        {
            return -1;
        }

        int taken = Math.Min(count, window->InLength);
        if (taken <= 0)
        {
            LibCrypto.BIO_set_flags(bio, Ssl.BIO_FLAGS_READ_SHOULD_RETRY);
            return -1;
        }

        Unsafe.CopyBlockUnaligned(buffer, window->In, (uint)taken);
        window->In += taken;
        window->InLength -= taken;
        return taken;
    }

    // SAFETY: OpenSSL gives `count` bytes; the lent memory is pinned, the spill is native.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* buffer, int count)
    {
        var window = (BioWindow*)LibCrypto.BIO_get_data(bio);
        LibCrypto.BIO_clear_flags(bio, Ssl.BIO_FLAGS_RWS_SHOULD_RETRY);
        if (count <= 0)
        {
            return 0;
        }

        // After the first byte in the spill the lent memory is closed: the order on the wire is lent, then
        // spill.
        if (window->SpillLength == 0 && count <= window->OutCapacity - window->OutLength)
        {
            Unsafe.CopyBlockUnaligned(window->Out + window->OutLength, buffer, (uint)count);
            window->OutLength += count;
            return count;
        }

        if (!MakeRoom(window, count))
        {
            window->HasOverflowed = true;
            return -1;
        }

        Unsafe.CopyBlockUnaligned(window->Spill + window->SpillLength, buffer, (uint)count);
        window->SpillLength += count;
        return count;
    }

    // SAFETY: realloc either moves what was there or leaves it; it returns null instead of throwing.
    private static bool MakeRoom(BioWindow* window, int count)
    {
        long needed = (long)window->SpillLength + count;
        if (needed <= window->SpillCapacity)
        {
            return true;
        }

        if (needed > window->SpillLimit)
        {
            return false;
        }

        var capacity = (int)Math.Min(Math.Max(needed, 2L * window->SpillCapacity), window->SpillLimit);
        byte* larger;
        try
        {
            larger = (byte*)NativeMemory.Realloc(window->Spill, (nuint)capacity);
        }
        catch (OutOfMemoryException)
        {
            return false;
        }

        window->Spill = larger;
        window->SpillCapacity = capacity;
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, nint pointer) =>
        command == Ssl.BIO_CTRL_FLUSH ? 1 : 0;
}
