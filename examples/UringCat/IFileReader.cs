namespace Gain.UringCat;

/// <summary>A way to read files.</summary>
internal interface IFileReader : IDisposable
{
    /// <summary>Writes a file to a stream.</summary>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    void CopyTo(string file, Stream output);
}
