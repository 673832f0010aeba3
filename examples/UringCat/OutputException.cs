namespace Gain.UringCat;

/// <summary>Standard output takes no more: what is left of the files has no place to go.</summary>
internal sealed class OutputException(string message, bool isBrokenPipe) : Exception(message)
{
    /// <summary>Whether the reader of the pipe went away, which is no error of anybody's.</summary>
    public bool IsBrokenPipe => isBrokenPipe;
}
