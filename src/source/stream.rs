//! Text that is read piece by piece, so that an input may be larger than memory.

use std::io::{self, Chain, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, DecoderResult};
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use super::archive::{ArchiveError, Packing};
use super::mending::decode_lines;
use super::{Content, DecodeError, Document, Encoding, Mended, Packed, SourceError, SourceOptions};

/// Bytes that are read at once from a file.
const PIECE: usize = 1 << 20;

/// A stretch of decoded text that ends at a line end, or at the end of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextBlock {
    /// The text, without a byte order mark.
    pub text: String,
    /// Where it starts, in bytes of the decoded document.
    pub offset: usize,
    /// The number of its first line, from 1.
    pub first_line: usize,
}

/// A text input that is read block by block.
pub struct TextStream {
    name: String,
    packed: Packed,
    encoding: Encoding,
    source: Box<dyn Read>,
    /// How many bytes of the file were read.
    read: Arc<AtomicU64>,
    /// Whether whatever a read brings is passed on at once: more may be long in coming.
    is_live: bool,
    decoding: Decoding,
    /// The lines so far that are not in its encoding.
    mended: Mended,
    /// What the unpacked bytes may come to, and what they came to.
    limit: Option<u64>,
    unpacked: u64,
    /// What was decoded or read behind the last line end.
    rest: Vec<u8>,
    /// How many of these are known to hold no line end.
    searched: usize,
    offset: usize,
    line: usize,
    is_over: bool,
    /// A mistake that is told once what came before it is handed over.
    mistake: Option<SourceError>,
}

/// From bytes to UTF-8.
enum Decoding {
    Utf8,
    /// Whole lines, each by itself where they are not all in the encoding of the document.
    Lines,
    Other(Decoder),
}

/// Counts what is read of a file.
struct Counted<R> {
    source: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// A source with its first bytes, which were looked at already.
type Begun = Chain<Cursor<Vec<u8>>, Box<dyn Read>>;

/// The frames of a Zstandard file, one after the other.
struct Frames {
    frame: Option<StreamingDecoder<Begun, ruzstd::decoding::FrameDecoder>>,
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(frame) = &mut self.frame {
            let count = frame.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let Some(done) = self.frame.take() else { break };
            let mut packed = done.into_inner();
            let mut first = [0];
            if packed.read(&mut first)? > 0 {
                self.frame = Some(zstandard(begun(first.to_vec(), Box::new(packed)))?);
            }
        }
        Ok(0)
    }
}

fn begun(first: Vec<u8>, source: Box<dyn Read>) -> Begun {
    Cursor::new(first).chain(source)
}

fn zstandard(packed: Begun) -> io::Result<StreamingDecoder<Begun, ruzstd::decoding::FrameDecoder>> {
    StreamingDecoder::new(packed).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))
}

/// What an input turns out to be when its first bytes are looked at.
pub(super) enum Begin {
    /// Text, of which only the first bytes were read.
    Stream(Box<TextStream>),
    /// Something else, or something short: all its bytes, not unpacked.
    Bytes(Vec<u8>),
}

/// The bytes of a source, whatever they mean.
pub(super) enum Unpacked {
    /// As they come; what is packed by itself is unpacked on the way.
    Stream(Box<dyn Read>),
    /// All of an archive.
    Archive(Vec<u8>),
}

impl Unpacked {
    /// Looks at the first bytes of `source`.
    ///
    /// # Errors
    /// The source cannot be read.
    pub(super) fn of(mut source: Box<dyn Read>) -> io::Result<Self> {
        let mut first = Vec::new();
        source.by_ref().take(Packing::MARK).read_to_end(&mut first)?;
        let packing = Packing::of(&first);
        let source = begun(first, source);
        Ok(match packing {
            None => Self::Stream(Box::new(source)),
            Some(Packing::Gzip) => Self::Stream(Box::new(MultiGzDecoder::new(source))),
            Some(Packing::Zstandard) => Self::Stream(Box::new(Frames { frame: Some(zstandard(source)?) })),
            Some(Packing::Zip) => {
                let (mut source, mut bytes) = (source, Vec::new());
                source.read_to_end(&mut bytes)?;
                Self::Archive(bytes)
            }
        })
    }
}

impl TextStream {
    /// Looks at the first bytes of `source`; `is_live` says that more may be long in coming.
    ///
    /// # Errors
    /// The source cannot be read.
    pub(super) fn begin(name: &str, source: Box<dyn Read>, is_live: bool, options: &SourceOptions) -> io::Result<Begin> {
        let read = Arc::new(AtomicU64::new(0));
        let mut source: Box<dyn Read> = Box::new(Counted { source, read: Arc::clone(&read) });
        let first = first_bytes(&mut source, is_live)?;
        let (first, mut source, packed) = match Packing::of(&first) {
            None => (first, source, Packed::Not),
            Some(Packing::Zip) => return all_bytes(first, source),
            Some(packing) => {
                // The packed bytes that were looked at are kept, for what is not text is unpacked elsewhere.
                let mut unpacked: Box<dyn Read> = match packing {
                    Packing::Gzip => Box::new(MultiGzDecoder::new(Cursor::new(first.clone()))),
                    _ => Box::new(Frames { frame: Some(zstandard(begun(first.clone(), Box::new(io::empty())))?) }),
                };
                let mut sample = Vec::new();
                // The packed sample ends anywhere: what can be had of it is enough to tell text from other things.
                let _ = unpacked.by_ref().take(1 << 16).read_to_end(&mut sample);
                if Packing::of(&sample).is_some() || options.encoding_of(&sample).is_none() {
                    return all_bytes(first, source);
                }
                let packed = begun(first, source);
                let mut source: Box<dyn Read> = match packing {
                    Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
                    _ => Box::new(Frames { frame: Some(zstandard(packed)?) }),
                };
                (first_bytes(&mut source, is_live)?, source, Packed::Alone)
            }
        };
        let Some(encoding) = options.encoding_of(&first) else {
            return all_bytes(first, source);
        };
        let mark = encoding.mark().len();
        let decoding = if options.mends(encoding) {
            Decoding::Lines
        } else if encoding.is_utf_8() {
            Decoding::Utf8
        } else {
            Decoding::Other(encoding.decoder())
        };
        source = Box::new(begun(first[mark.min(first.len())..].to_vec(), source));
        Ok(Begin::Stream(Box::new(Self {
            name: name.to_owned(),
            packed,
            encoding,
            source,
            read,
            is_live,
            decoding,
            mended: Mended::default(),
            limit: (packed != Packed::Not).then_some(options.max_unpacked),
            unpacked: 0,
            rest: Vec::new(),
            searched: 0,
            offset: 0,
            line: 1,
            is_over: false,
            mistake: None,
        })))
    }

    /// The name that reports show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How the text is written in bytes.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The lines of the blocks so far that are not in its encoding.
    pub fn mended(&self) -> &Mended {
        &self.mended
    }

    /// Whether it is unpacked on the way.
    pub fn packed(&self) -> Packed {
        self.packed
    }

    /// How many bytes of the file, packed as it may be, were read so far.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// The next block; none at the end. After an error there is no other.
    pub fn next_block(&mut self) -> Option<Result<TextBlock, SourceError>> {
        loop {
            if let Some(mistake) = self.mistake.take() {
                self.is_over = true;
                return Some(Err(mistake));
            }
            if self.is_over {
                return None;
            }
            if let Err(mistake) = self.read_piece() {
                // Whole lines that came before are read.
                self.mistake = Some(mistake);
                let end = self.last_line_end().unwrap_or(0);
                self.rest.truncate(end);
            }
            let end = match self.last_line_end() {
                _ if self.is_over => self.rest.len(),
                Some(end) => end,
                None if self.mistake.is_some() => 0,
                None => {
                    self.searched = self.rest.len();
                    continue;
                }
            };
            if end == 0 {
                continue;
            }
            self.searched = 0;
            let rest = self.rest.split_off(end);
            let bytes = std::mem::replace(&mut self.rest, rest);
            match self.block(bytes) {
                Ok(block) => return Some(Ok(block)),
                Err((before, mistake)) => {
                    self.mistake = Some(mistake);
                    self.rest.clear();
                    if let Some(block) = before {
                        return Some(Ok(block));
                    }
                }
            }
        }
    }

    /// All that is left, behind the blocks that were handed out, as a document.
    ///
    /// # Errors
    /// The rest cannot be read or decoded.
    pub fn into_document(mut self, begun: Vec<TextBlock>) -> Result<Document, SourceError> {
        let mut text: String = begun.into_iter().map(|block| block.text).collect();
        while let Some(block) = self.next_block() {
            text.push_str(&block?.text);
        }
        let content = Content::Text { text, encoding: self.encoding };
        Ok(Document { name: self.name, packed: self.packed, mended: self.mended, content })
    }

    /// Behind the last line end in `rest`; none where it holds none.
    fn last_line_end(&self) -> Option<usize> {
        let begun = self.rest.get(self.searched..)?;
        memchr::memrchr(b'\n', begun).map(|end| self.searched + end + 1)
    }

    /// Reads on into `rest`.
    fn read_piece(&mut self) -> Result<(), SourceError> {
        let mut piece = Vec::with_capacity(PIECE);
        let read = loop {
            // What is live is passed on as it comes.
            let outcome = if self.is_live {
                piece.resize(1 << 16, 0);
                let outcome = self.source.read(&mut piece);
                piece.truncate(*outcome.as_ref().unwrap_or(&0));
                outcome
            } else {
                self.source.by_ref().take(PIECE as u64).read_to_end(&mut piece)
            };
            match outcome {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => break outcome,
            }
        };
        let name = self.name.clone();
        let mistake = match read {
            Ok(_) => None,
            Err(error) if self.packed == Packed::Not => Some(SourceError::Unreadable { name, error }),
            Err(error) => Some(SourceError::Packed { name, error: ArchiveError::CutOff(error) }),
        };
        self.is_over = piece.is_empty() && mistake.is_none();
        self.unpacked += piece.len() as u64;
        if let Some(limit) = self.limit.filter(|limit| self.unpacked > *limit) {
            return Err(SourceError::Packed { name: self.name.clone(), error: ArchiveError::TooLarge { limit } });
        }
        self.decode(piece)?;
        mistake.map_or(Ok(()), Err)
    }

    /// Adds bytes to `rest`: as they are, to be looked at in whole lines, or as UTF-8 where lines cannot be told before.
    fn decode(&mut self, piece: Vec<u8>) -> Result<(), SourceError> {
        let Decoding::Other(decoder) = &mut self.decoding else {
            if self.rest.is_empty() {
                self.rest = piece;
            } else {
                self.rest.extend_from_slice(&piece);
            }
            return Ok(());
        };
        let mut text = String::with_capacity(piece.len() * 2 + 16);
        let mut at = 0;
        loop {
            let (result, read) = decoder.decode_to_string_without_replacement(&piece[at..], &mut text, self.is_over);
            at += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => text.reserve(piece.len() + 16),
                DecoderResult::Malformed(length, after) => {
                    let behind = usize::from(length) + usize::from(after);
                    self.rest.extend_from_slice(text.as_bytes());
                    let at = (self.unpacked as usize + at).saturating_sub(piece.len() + behind) + self.encoding.mark().len();
                    let line = self.line + memchr::memchr_iter(b'\n', &self.rest).count();
                    return Err(self.undecodable(at, line));
                }
            }
        }
        self.rest.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// The bytes as the next block; where they are no UTF-8, the lines before that and the mistake.
    fn block(&mut self, bytes: Vec<u8>) -> Result<TextBlock, (Option<TextBlock>, SourceError)> {
        if let Decoding::Lines = self.decoding {
            let text = decode_lines(self.encoding, bytes, self.line, &mut self.mended);
            return Ok(self.block_of(text));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(self.block_of(text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let mut bytes = error.into_bytes();
                let line = self.line + memchr::memchr_iter(b'\n', &bytes[..valid]).count();
                let mistake = self.undecodable(self.offset + valid + self.encoding.mark().len(), line);
                bytes.truncate(memchr::memrchr(b'\n', &bytes[..valid]).map_or(0, |end| end + 1));
                let before = String::from_utf8(bytes).ok().filter(|text| !text.is_empty());
                Err((before.map(|text| self.block_of(text)), mistake))
            }
        }
    }

    fn block_of(&mut self, text: String) -> TextBlock {
        let block = TextBlock { offset: self.offset, first_line: self.line, text };
        self.offset += block.text.len();
        self.line += line_ends(block.text.as_bytes());
        block
    }

    fn undecodable(&self, at: usize, line: usize) -> SourceError {
        SourceError::Undecodable { name: self.name.clone(), error: DecodeError { encoding: self.encoding, at, line } }
    }
}

impl std::fmt::Debug for TextStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextStream").field("name", &self.name).field("encoding", &self.encoding).finish_non_exhaustive()
    }
}

/// What the nature of a source is told from: of a live one what there is, once it holds a line of JSON or is long
/// enough; of any other a good deal.
fn first_bytes(source: &mut Box<dyn Read>, is_live: bool) -> io::Result<Vec<u8>> {
    let wanted = if is_live { 1 << 16 } else { 1 << 18 };
    let mut first = Vec::new();
    while first.len() < wanted {
        let mut piece = vec![0; wanted - first.len()];
        match source.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => first.extend_from_slice(&piece[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        let is_json = first.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if is_live && is_json && memchr::memchr(b'\n', &first).is_some() {
            break;
        }
    }
    Ok(first)
}

fn all_bytes(mut first: Vec<u8>, mut source: Box<dyn Read>) -> io::Result<Begin> {
    source.read_to_end(&mut first)?;
    Ok(Begin::Bytes(first))
}

/// How many lines end in a text that ends a line or the document: at `\n`, `\r\n` or a lone `\r`.
fn line_ends(text: &[u8]) -> usize {
    let feeds = memchr::memchr_iter(b'\n', text).count();
    let lone = memchr::memchr_iter(b'\r', text).filter(|&at| text.get(at + 1) != Some(&b'\n')).count();
    feeds + lone
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes in pieces of a few.
    struct Drip(Cursor<Vec<u8>>, usize);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(self.1);
            self.0.read(&mut buffer[..most])
        }
    }

    fn stream(bytes: &[u8], piece: usize, options: SourceOptions) -> TextStream {
        match TextStream::begin("a", Box::new(Drip(Cursor::new(bytes.to_vec()), piece)), true, &options) {
            Ok(Begin::Stream(stream)) => *stream,
            _ => panic!("no text"),
        }
    }

    /// The text, the offsets and lines of its blocks, and the error at its end.
    fn all(mut stream: TextStream) -> (String, Vec<(usize, usize)>, Option<String>) {
        let (mut text, mut places, mut mistake) = (String::new(), Vec::new(), None);
        while let Some(block) = stream.next_block() {
            match block {
                Ok(block) => {
                    assert!(!block.text.is_empty());
                    places.push((block.offset, block.first_line));
                    text.push_str(&block.text);
                }
                Err(error) => mistake = Some(error.to_string()),
            }
        }
        (text, places, mistake)
    }

    const TEXT: &str = "{\"甲\": 1}\n乙您好，请问有什么可以帮您\r\n\r\n丙感谢您的来电，再见\n丁";

    #[test]
    fn blocks_are_whole_lines_in_every_encoding() {
        for name in ["utf-8", "gb18030", "big5", "utf-16le", "utf-16be"] {
            let encoding = Encoding::named(name).unwrap();
            let text = if name == "big5" {
                TEXT.replace("请问", "請問")
                    .replace("么", "麼")
                    .replace("帮", "幫")
                    .replace("谢", "謝")
                    .replace("来电", "來電")
                    .replace("见", "見")
            } else {
                TEXT.to_owned()
            };
            let bytes = encoding.encode(&text).unwrap();
            for piece in [1, 3, 1000] {
                let source = Box::new(Drip(Cursor::new(bytes.clone()), piece));
                let options = SourceOptions { encoding: Some(encoding), ..SourceOptions::default() };
                let Ok(Begin::Stream(stream)) = TextStream::begin("a", source, true, &options) else { panic!("{name}") };
                let (read, places, mistake) = all(*stream);
                assert_eq!((read.as_str(), mistake), (text.as_str(), None), "{name} in pieces of {piece}");
                for (offset, line) in places {
                    assert_eq!(line, block_line(&text, offset));
                }
            }
        }
    }

    #[test]
    fn packed_text_is_unpacked_on_the_way_up_to_a_limit() {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(TEXT.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let up_to = |max_unpacked| SourceOptions { max_unpacked, ..SourceOptions::default() };
        assert_eq!(all(stream(&packed, 7, up_to(1000))).0, TEXT);
        let (_, _, mistake) = all(stream(&packed, 7, up_to(20)));
        assert!(mistake.unwrap().contains("more than 20 bytes"));
        let (read, _, mistake) = all(stream(&packed[..packed.len() - 9], 1000, up_to(1000)));
        assert_eq!(mistake.map(|mistake| mistake.contains("cut off")), Some(true));
        assert!(TEXT.starts_with(&read));
    }

    #[test]
    fn what_comes_before_a_damaged_byte_is_read() {
        let mut bytes = "{}\n您好，请问有什么可以帮您\n壬癸\n".as_bytes().to_vec();
        let at = bytes.len() - 3;
        bytes[at] = 0xFF;
        let options = SourceOptions { mends: false, ..SourceOptions::default() };
        let (read, _, mistake) = all(stream(&bytes, 1000, options));
        assert_eq!(read, "{}\n您好，请问有什么可以帮您\n");
        let mistake = mistake.unwrap();
        assert!(mistake.starts_with("a: line 3: byte 43 is not valid UTF-8"), "{mistake}");
    }

    #[test]
    fn lines_that_are_in_another_encoding_or_damaged_are_read_in_pieces_of_any_length() {
        let gb18030 = Encoding::named("gb18030").unwrap();
        let (own, other) = ("{}\n您好，请问有什么可以帮您\r\n".repeat(20), "客服：你必须先付款\n");
        let text = format!("{own}{other}{own}");
        let cut = "您好，请问有什么可以帮您".as_bytes();
        let bytes = [own.as_bytes(), &gb18030.encode(other).unwrap(), own.as_bytes(), &cut[..cut.len() - 1]].concat();
        let said = "2 lines are in another encoding than the rest, or damaged, the first is line 41: 1 read as gb18030, 1 with � for what is no text";
        for piece in [1, 7, 100_000] {
            let mut stream = stream(&bytes, piece, SourceOptions::default());
            let mut read = String::new();
            while let Some(block) = stream.next_block() {
                let block = block.unwrap();
                assert_eq!(block.first_line, block_line(&text, block.offset));
                read.push_str(&block.text);
            }
            assert_eq!((read, stream.mended().to_string()), (format!("{text}您好，请问有什么可以帮�"), said.to_owned()), "{piece}");
        }
    }

    /// What is known to hold no line end is not searched again with each piece.
    #[test]
    fn a_line_may_be_longer_than_any_piece() {
        let text = format!("您好\n{}\n您好", "a".repeat(40_000_000));
        let (read, places, mistake) = all(stream(text.as_bytes(), 1000, SourceOptions::default()));
        assert!(read == text && mistake.is_none());
        assert_eq!(places.last(), Some(&(text.len() - "您好".len(), 3)));
    }

    fn block_line(text: &str, offset: usize) -> usize {
        text[..offset].matches('\n').count() + 1
    }

    #[test]
    fn a_live_source_of_json_is_not_waited_for() {
        let lines = b"{\"id\":1}\n{\"id\":2}\n";
        let mut stream = stream(lines, 9, SourceOptions::default());
        assert_eq!(stream.next_block().unwrap().unwrap().text, "{\"id\":1}\n");
        assert_eq!(stream.bytes_read(), 9);
        let document = stream.into_document(Vec::new()).unwrap();
        assert_eq!(document.text(), Some("{\"id\":2}\n"));
    }
}
