using System.CommandLine;
using Gain.Uring;
using Gain.UringCat;

const int Failed = 1;

var mode = new Option<string>("--mode")
{
    Description = "How to read: linked (open, reads and close as one chain), vectored (several pieces with "
        + "each read), or fixed (into a registered buffer).",
    DefaultValueFactory = _ => "linked",
};
mode.AcceptOnlyFromAmong("linked", "vectored", "fixed");
var files = new Argument<string[]>("file")
{
    Description = "The files to write to standard output, one after the other.",
    Arity = ArgumentArity.OneOrMore,
};
var root = new RootCommand("Writes files to standard output, read with io_uring.") { mode, files };
root.SetAction(parsed =>
{
    using Ring ring = Ring.Create(new RingOptions { Entries = 64 });
    using Stream output = Console.OpenStandardOutput();
    using IFileReader reader = parsed.GetValue(mode) switch
    {
        "vectored" => new VectoredReader(ring),
        "fixed" => new FixedReader(ring),
        _ => new LinkedReader(ring),
    };
    foreach (string file in parsed.GetValue(files)!)
    {
        reader.CopyTo(file, output);
    }

    return 0;
});

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is IOException or RingException)
{
    Console.Error.WriteLine($"uring-cat: {failure.Message}");
    return Failed;
}
