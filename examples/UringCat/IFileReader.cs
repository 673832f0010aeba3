namespace Gain.UringCat;

/// <summary>A way to read files.</summary>
internal interface IFileReader : IDisposable
{
    /// <summary>Writes a file to the output, to its end.</summary>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    /// <exception cref="OutputException">The output takes no more.</exception>
    void CopyTo(string file, RingOutput output);
}
