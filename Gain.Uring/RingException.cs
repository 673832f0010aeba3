using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// A ring could not be made, registered with or entered. The message names the call and the errno, and says
/// what to do. Errors of operations are not exceptions: they are the results of the completions.
/// </summary>
public sealed class RingException : Exception
{
    internal RingException(string call, int errno, string advice)
        : base($"{call}: {Errno.Describe(errno)}. {advice}")
    {
        Call = call;
        ErrorNumber = errno;
        Advice = advice;
    }

    /// <summary>The system call that failed, and what it was for.</summary>
    public string Call { get; }

    /// <summary>The errno, positive.</summary>
    public int ErrorNumber { get; }

    /// <summary>The errno's name, as in <c>EPERM</c>.</summary>
    public string ErrorName => Errno.Name(ErrorNumber);

    /// <summary>The likely cause and what to do about it.</summary>
    public string Advice { get; }
}
