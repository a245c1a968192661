// What the page says of itself, and its buttons' pictures.
const WORDS = {
  en: { player: 'Animation', first: 'First frame', back: 'Step back', play: 'Play', pause: 'Pause', next: 'Step forward',
    last: 'Last frame', frame: 'Frame', of: 'of', speed: 'Speed', mode: 'At the end', once: 'stop', loop: 'loop',
    reflect: 'there and back', plays: 'Keys of the player: space plays and pauses, ← → step, Home and End jump.',
    turns: 'Keys of the picture: arrows turn it, + − zoom, Home resets.',
    flat: 'A surface is here, which this browser\ncan’t draw: it has no WebGL.' },
  ko: { player: '애니메이션', first: '처음 프레임', back: '한 프레임 뒤로', play: '재생', pause: '일시 정지', next: '한 프레임 앞으로',
    last: '마지막 프레임', frame: '프레임', of: '/', speed: '속도', mode: '끝나면', once: '멈춤', loop: '반복',
    reflect: '왕복', plays: '플레이어 키: 스페이스 재생·정지, ← → 한 프레임씩, Home·End 처음·끝.',
    turns: '그림 키: 화살표로 돌리고, + −로 확대·축소, Home으로 되돌림.',
    flat: '여기에 곡면이 있지만 이 브라우저에는\nWebGL이 없어서 그릴 수 없습니다.' },
};
const ICONS = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z', back: 'M12 3v10L5 8zM3 3h1v10H3z', play: 'M4 2l10 6-10 6z', pause: 'M3 2h4v12H3zM9 2h4v12H9z',
  next: 'M4 3v10l7-5zM12 3h1v10h-1z', last: 'M11 3h2v10h-2zM3 3v10l7-5z',
};
const words = (element) => WORDS[(element.closest('[lang]') || {}).lang] || WORDS.en;
